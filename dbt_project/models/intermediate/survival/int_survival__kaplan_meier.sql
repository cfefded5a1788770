{% set cohorts = var('survival_cohort_years') | int %}
-- Product limit (Kaplan & Meier 1958) over the spells that start in the ten years to `year`, pooled; standard error by Greenwood (1926).
with events as (
    select * from {{ ref('int_survival__events') }}
),

coverage as (
    select * from {{ ref('int_ladder__coverage') }}
    where is_covered
),

-- the year before the first cohort shows what was there already
spans as (
    select last.source, last.year, last.chain_id
    from coverage as last
    inner join coverage as earlier
        on last.source = earlier.source and last.chain_id = earlier.chain_id and earlier.year between last.year - {{ cohorts }} and last.year
    group by all
    having count(*) = {{ cohorts }} + 1
),

-- every exporter and member of the grid has a row: without new flows there is nothing to survive
countries as (
    select grid.source, grid.year, grid.chain_id, grid.iso3
    from {{ ref('int_ladder__grid') }} as grid
    inner join spans using (source, year, chain_id)
),

-- a spell of age j that is looked at in year u began in u - j
pooled as (
    select
        countries.source, countries.year, countries.chain_id, countries.iso3,
        {%- for j in range(1, 6) %}
        coalesce(sum(n_at_risk) filter (where age_years = {{ j }}), 0) as n_{{ j }},
        coalesce(sum(n_ended) filter (where age_years = {{ j }}), 0) as d_{{ j }}{{ ',' if not loop.last }}
        {%- endfor %}
    from countries
    left join events
        on countries.source = events.source and countries.chain_id = events.chain_id and countries.iso3 = events.iso3
        and events.year - events.age_years > countries.year - {{ cohorts }} and events.year <= countries.year
    group by all
),

rates as (
    select
        *,
        1 - d_1 / nullif(n_1, 0) as survival_1y,
        {% for j in range(1, 6) %}(1 - d_{{ j }} / nullif(n_{{ j }}, 0)){{ ' * ' if not loop.last }}{% endfor %} as survival_5y,
        -- no term when all ended: the survival is 0 and Greenwood's variance is not defined
        d_1 / nullif(n_1 * (n_1 - d_1), 0) as term_1y,
        {% for j in range(1, 6) %}d_{{ j }} / nullif(n_{{ j }} * (n_{{ j }} - d_{{ j }}), 0){{ ' + ' if not loop.last }}{% endfor %} as term_5y
    from pooled
)

select
    source,
    year,
    iso3,
    chain_id,
    cast(n_1 as integer) as n_spells,
    {%- for span in ['1y', '5y'] %}
    survival_{{ span }},
    case when term_{{ span }} is not null then greatest(survival_{{ span }} * (1 - {{ var('interval_z') }} * sqrt(term_{{ span }})), 0) end
        as survival_{{ span }}_low,
    case when term_{{ span }} is not null then least(survival_{{ span }} * (1 + {{ var('interval_z') }} * sqrt(term_{{ span }})), 1) end
        as survival_{{ span }}_high,
    case when n_1 < {{ var('survival_min_spells') }} or survival_{{ span }} is null then 'below_min_obs' end as null_reason_{{ span }}{{ ',' if not loop.last }}
    {%- endfor %}
from rates
