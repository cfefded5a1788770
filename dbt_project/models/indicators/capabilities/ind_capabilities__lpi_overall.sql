with overall as (
    select * from {{ ref('stg_lpi__scores') }}
    where row_status = 'kept' and series_code in ('LP.LPI.OVRL.XQ', 'LP.LPI.OVRL.XQ.LB', 'LP.LPI.OVRL.XQ.UB')
),

editions as (
    select year, bool_or(is_new_method) as is_new_method, max(source_vintage) as source_vintage, max(data_origin) as data_origin
    from overall
    group by year
),

scores as (
    select
        iso3,
        year,
        max(value) filter (where series_code = 'LP.LPI.OVRL.XQ') as score,
        max(value) filter (where series_code = 'LP.LPI.OVRL.XQ.LB') as lower_bound,
        max(value) filter (where series_code = 'LP.LPI.OVRL.XQ.UB') as upper_bound
    from overall
    group by iso3, year
),

countries as (
    select iso3 from {{ ref('v_acp_current') }}
    union
    select iso3 from scores
),

measured as (
    -- an edition is a survey: between two of them there is no value, and none is carried
    select
        countries.iso3,
        'ALL' as scope_id,
        editions.year,
        scores.score as value,
        scores.lower_bound as low,
        scores.upper_bound as high,
        case when scores.score is null then 'no_survey' end as null_reason,
        null as n_obs,
        0 as staleness_years,
        {{ dq_grade(is_null='scores.score is null') }} as dq_grade,
        case when editions.is_new_method then ['new_method'] else cast([] as varchar[]) end as flags,
        'lpi' as source,
        editions.source_vintage,
        editions.data_origin
    from countries
    cross join editions
    left join scores on countries.iso3 = scores.iso3 and editions.year = scores.year
    where scores.score is not null or countries.iso3 in (select iso3 from {{ ref('v_acp_current') }})
)

{{ as_indicator('lpi_overall', 'country', '1-5', needs='lpi') }}
