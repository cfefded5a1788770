-- Standard errors of a country's chain in a year (indicator rules, section 8): its mirror gap; where the source shows none, the median gap of region
-- and year, else the default. The error is one for all flows of the country, chain and year: a gap is what does not average out over flows.
with partners as (
    select source, year, iso3, chain_id, mirror_gap from {{ ref('int_ladder__partners') }}
),

regions as (
    select iso3, region from {{ ref('dim_country') }}
),

regional as (
    select partners.source, partners.year, regions.region, median(partners.mirror_gap) as mirror_gap
    from partners
    inner join regions on partners.iso3 = regions.iso3
    where partners.mirror_gap is not null
    group by all
)

select
    partners.source,
    partners.year,
    partners.iso3,
    partners.chain_id,
    {{ report_sd('coalesce(partners.mirror_gap, regional.mirror_gap)', 'value_sd_floor') }} as value_sd,
    {{ report_sd('coalesce(partners.mirror_gap, regional.mirror_gap)', 'quantity_sd_floor') }} as quantity_sd
from partners
left join regions on partners.iso3 = regions.iso3
left join regional on partners.source = regional.source and partners.year = regional.year and regions.region = regional.region
