{# Do two witnesses rank countries alike? Spearman's coefficient over the countries that both hold, by year. Reported, never a gate. #}
with observations as (
    {%- for measure in ['gvc_output_share', 'gvc_output_backward', 'gvc_output_forward'] %}
    select
        '{{ measure }}' as measure, sector.witness, sector.sector_list || ':' || sector.sector_number as scope_id,
        output.iso3, output.year, output.{{ measure }} as value, output.data_origin
    from {{ ref('int_value_added__gvc_output') }} as output
    inner join {{ ref('int_value_added__sectors') }} as sector on 'wits_' || output.witness = sector.witness and output.sector_id = sector.sector_id
    where output.{{ measure }} is not null
    union all
    select
        '{{ measure }}' as measure, sector.witness, sector.sector_list || ':' || sector.sector_number as scope_id,
        engine.iso3, engine.year, engine.{{ measure }} as value, engine.data_origin
    from {{ ref('int_value_added__engine') }} as engine
    inner join {{ ref('int_value_added__sectors') }} as sector on engine.witness = sector.witness and engine.sector_id = sector.sector_id
    where engine.{{ measure }} is not null
    union all
    {%- endfor %}
    {%- for measure in ['participation_bm', 'backward_bm', 'forward_bm', 'foreign_content_share', 'participation_unctad', 'gvc_output_share'] %}
    select '{{ measure }}' as measure, witness, sector_id as scope_id, iso3, year, {{ measure }} as value, data_origin
    from {{ ref('int_value_added__engine') }}
    where sector_id = 'ALL' and {{ measure }} is not null
    union all
    {%- endfor %}
    select 'foreign_content_share' as measure, 'oecd_tiva' as witness, sector_id as scope_id, iso3, year, fva_share as value, data_origin
    from {{ ref('int_value_added__tiva') }}
    where sector_id = 'ALL' and fva_share is not null
),

pairs as (
    select
        a.measure, a.scope_id, a.year, a.iso3, a.witness as witness_a, b.witness as witness_b,
        a.value as value_a, b.value as value_b, a.data_origin
    from observations as a
    inner join observations as b
        on a.measure = b.measure and a.scope_id = b.scope_id and a.iso3 = b.iso3 and a.year = b.year and a.witness < b.witness
),

ranked as (
    -- tied countries share the mean of their ranks
    select
        *,
        rank() over (of_a) + (count(*) over (partition by measure, scope_id, year, witness_a, witness_b, value_a) - 1) / 2 as rank_a,
        rank() over (of_b) + (count(*) over (partition by measure, scope_id, year, witness_a, witness_b, value_b) - 1) / 2 as rank_b
    from pairs
    window
        of_a as (partition by measure, scope_id, year, witness_a, witness_b order by value_a),
        of_b as (partition by measure, scope_id, year, witness_a, witness_b order by value_b)
),

agreement as (
    select
        measure, scope_id, cast(year as smallint) as year, witness_a, witness_b,
        cast(count(*) as integer) as n_countries,
        corr(rank_a, rank_b order by iso3) as rank_correlation,
        avg(value_a - value_b order by iso3) as mean_difference,
        max(data_origin) as data_origin
    from ranked
    group by all
)

select
    measure,
    scope_id,
    year,
    witness_a,
    witness_b,
    n_countries,
    case when n_countries >= {{ var('agreement_min_countries') }} and not isnan(rank_correlation) then rank_correlation end as rank_correlation,
    mean_difference,
    case
        when n_countries < {{ var('agreement_min_countries') }} then 'below_min_obs'
        when rank_correlation is null or isnan(rank_correlation) then 'zero_denominator'
    end as null_reason,
    data_origin
from agreement
order by measure, scope_id, year, witness_a, witness_b
