{# Upstreamness of each industry of the world, for the one table that product shares are weighted with: the OECD's latest, else WIOD 2013.
   Mean over economies weighted by output, then over the years of the table: a change of an index made from it is a change of exports alone. #}
with engine as (
    select witness, iso3, sector_id, year, upstreamness, output_musd, data_origin from {{ ref('int_value_added__engine') }}
    where sector_id <> 'ALL' and upstreamness is not null and output_musd > 0
),

preferred as (
    select witness from engine
    where witness in ('icio_2025_ext', 'icio_2025', 'wiod_2013')
    group by witness
    order by witness = 'icio_2025_ext' desc, witness = 'icio_2025' desc
    limit 1
),

yearly as (
    select
        engine.witness,
        engine.sector_id,
        engine.year,
        sum(engine.upstreamness * engine.output_musd order by engine.iso3) / sum(engine.output_musd order by engine.iso3) as upstreamness,
        max(engine.data_origin) as data_origin
    from engine inner join preferred on engine.witness = preferred.witness
    group by all
)

select
    witness,
    sector_id,
    avg(upstreamness order by year) as upstreamness,
    min(upstreamness) as lowest_upstreamness,
    max(upstreamness) as highest_upstreamness,
    max(data_origin) as data_origin
from yearly
group by all
