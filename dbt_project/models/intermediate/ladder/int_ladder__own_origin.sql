-- Processed exports that imported raw material cannot explain: a grinder of imported beans is no upgrader of its own harvest.
with

positions as (
    select * from {{ ref('int_ladder__position') }}
),

raw_imports as (
    select * from {{ ref('int_ladder__raw_imports') }}
),

joined as (
    select
        positions.source, positions.year, positions.iso3, positions.chain_id, positions.rawequiv_null_reason,
        positions.re0, positions.re1 + positions.re2 + positions.re3 as processed_t,
        coalesce(raw_imports.raw_equivalent_t, 0) as imported_t,
        -- unweighed imports would leave the processed exports unexplained, and so own
        case
            when raw_imports.value_with_factor_kusd < {{ var('raw_equivalent_min_share') }} * raw_imports.value_kusd then 'no_conversion_factor'
            when raw_imports.value_without_quantity_kusd > (1 - {{ var('quantity_min_value_share') }}) * raw_imports.value_kusd then 'no_quantity'
        end as import_null_reason,
        positions.n_partners, positions.mirror_gap, positions.is_mirror_only, positions.quantity_share, positions.is_transit,
        positions.is_partial_year, positions.flags, positions.source_vintage, positions.data_origin
    from positions
    left join raw_imports using (source, year, iso3, chain_id)
),

measured as (
    select
        *,
        greatest(0, processed_t - imported_t) as own_processed_t,
        coalesce(
            rawequiv_null_reason,
            import_null_reason,
            -- nothing raw sold and every processed tonne covered by imports: there is no own material to speak of
            case when re0 + greatest(0, processed_t - imported_t) <= 0 then 'zero_denominator' end
        ) as null_reason
    from joined
)

select
    source,
    year,
    iso3,
    chain_id,
    null_reason,
    case when null_reason is null then own_processed_t / (re0 + own_processed_t) end as own_origin_processing_ratio,
    imported_t as raw_import_t,
    n_partners,
    flags,
    {{ dq_grade(
        is_null='null_reason is not null',
        mirror_gap='mirror_gap',
        mirror_only='is_mirror_only',
        quantity_share='quantity_share',
        n_partners='n_partners',
        is_transit='is_transit',
        is_partial='is_partial_year'
    ) }} as dq_grade,
    source_vintage,
    data_origin
from measured
