{# World Development Indicators as this platform names them: one row per indicator, country and year with a value. #}
with observations as (
    select iso3, indicator_code, year, value, source_vintage, data_origin
    from {{ ref('stg_wdi__indicators') }}
    where row_status = 'kept'
),

as_published as (
    {% for series in wdi_series() %}
    select '{{ series.indicator_id }}' as indicator_id, iso3, year, value / {{ series.divisor }} as value, source_vintage, data_origin
    from observations
    where indicator_code = '{{ series.code }}'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

patents as (
    select
        'patents_resident_pm' as indicator_id,
        patent.iso3,
        patent.year,
        1e6 * patent.value / population.value as value,
        greatest(patent.source_vintage, population.source_vintage) as source_vintage,
        patent.data_origin
    from observations as patent
    inner join observations as population
        on patent.iso3 = population.iso3 and patent.year = population.year and population.indicator_code = 'SP.POP.TOTL' and population.value > 0
    where patent.indicator_code = 'IP.PAT.RESD'
)

select * from as_published
union all
select * from patents
