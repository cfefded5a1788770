{# A whole ind_ model: share of export flows still served after so many years, with Greenwood's interval (Besedes & Prusa 2006). #}
{% macro survival_indicator(years) %}
with positions as (
    select * from {{ ref('int_ladder__position') }}
),

survival as (
    select * from {{ ref('int_survival__kaplan_meier') }}
),

joined as (
    select
        positions.* exclude (null_reason, flags),
        survival.* exclude (source, year, iso3, chain_id),
        case
            when positions.null_reason is not null then positions.null_reason
            when survival.iso3 is null then 'insufficient_history'
            else survival.null_reason_{{ years }}y
        end as null_reason,
        positions.flags
    from positions
    left join survival using (source, year, iso3, chain_id)
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        survival_{{ years }}y as value,
        case when null_reason is null then survival_{{ years }}y_low end as low,
        case when null_reason is null then survival_{{ years }}y_high end as high,
        null_reason,
        n_spells as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            n_partners='n_partners',
            is_transit='is_transit',
            is_partial='is_partial_year'
        ) }} as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from joined
)

{{ as_indicator('export_survival_' ~ years ~ 'y', 'chain', 'probability', needs='trade') }}
{% endmacro %}
