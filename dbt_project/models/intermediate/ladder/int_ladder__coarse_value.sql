{# Ladders by value from four-digit tables of other publishers, where headings do not merge raw and processed goods (cocoa). No quantities, so one
   basis; the publisher stands in the key, levels of two publishers never meet. #}
with exports as (
    select * from {{ ref('fct_export_hs4') }}
),

headings as (
    select chain_id, hs4, stage from {{ ref('coarse_ladder_hs4') }}
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

staged as (
    select exports.source, exports.year, exports.exporter as iso3, headings.chain_id, headings.stage, exports.value_kusd
    from exports
    inner join headings using (hs4)
),

-- a table that lacks a rung would put everybody on the others
covered as (
    select staged.source, staged.year, staged.chain_id
    from staged
    group by staged.source, staged.year, staged.chain_id
    having count(distinct staged.stage) = (
        select count(distinct headings.stage) from headings
        where headings.chain_id = staged.chain_id
    )
),

source_years as (
    select source, year, max(source_vintage) as source_vintage, max(data_origin) as data_origin from exports
    group by all
),

amounts as (
    select
        source, year, iso3, chain_id,
        {%- for stage in range(4) %}
        coalesce(cast(sum(value_kusd) filter (where stage = {{ stage }}) as double), 0) as x{{ stage }}{{ ',' if not loop.last }}
        {%- endfor %}
    from staged
    where iso3 <> 'XXX'
    group by all
),

countries as (
    select source, year, chain_id, iso3 from amounts
    union
    select covered.source, covered.year, covered.chain_id, members.iso3 from covered cross join members
),

speaking as (
    select distinct source, year, exporter as iso3 from exports
),

reasons as (
    select
        countries.source, countries.year, countries.iso3, countries.chain_id,
        amounts.x0, amounts.x1, amounts.x2, amounts.x3,
        -- the tables hold no zeros: a country with other products and none of these sold none, one without any row was not in the table
        case when amounts.iso3 is not null then null when speaking.iso3 is not null then 'no_trade' else 'not_reported' end as value_null_reason
    from countries
    inner join covered using (source, year, chain_id)
    left join amounts using (source, year, iso3, chain_id)
    left join speaking using (source, year, iso3)
)

select
    source,
    iso3,
    chain_id,
    year,
    x0 as x0_kusd,
    x1 as x1_kusd,
    -- bulk and retail chocolate share a heading, which stands at the last stage
    cast(null as double) as x2_kusd,
    x3 as x3_kusd,
    {{ ladder_position('x') }} as pos_value,
    value_null_reason,
    -- cleaned with mirror data by the publisher, which shows no gap: B at best, as BACI
    {{ dq_grade(is_null='value_null_reason is not null', mirror_gap='cast(null as double)') }} as dq_grade,
    source_years.source_vintage,
    source_years.data_origin
from reasons
inner join source_years using (source, year)
