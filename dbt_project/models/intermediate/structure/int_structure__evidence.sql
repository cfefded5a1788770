with pairs as (
    select * from {{ ref('int_structure__pairs') }}
),

exports as (
    select
        source,
        year,
        exporter as iso3,
        cast(count(distinct importer) filter (where importer <> 'XXX' and value_kusd > 0) as integer) as n_partners,
        sum(value_exporter_kusd) as value_exporter_kusd,
        sum(value_importer_kusd) as value_importer_kusd,
        sum(mirrored_exporter_kusd) as mirrored_exporter_kusd
    from pairs
    group by all
),

imports as (
    select
        source,
        year,
        importer as iso3,
        cast(count(distinct exporter) filter (where exporter <> 'XXX' and value_kusd > 0) as integer) as n_suppliers,
        sum(value_exporter_kusd) as value_exporter_kusd,
        sum(value_importer_kusd) as value_importer_kusd,
        sum(mirrored_exporter_kusd) as mirrored_exporter_kusd
    from pairs
    group by all
)

select
    source,
    year,
    iso3,
    coalesce(exports.n_partners, 0) as n_partners,
    {{ mirror_gap('exports.mirrored_exporter_kusd', 'exports.value_exporter_kusd', 'exports.value_importer_kusd') }} as mirror_gap,
    coalesce(exports.value_exporter_kusd is null and exports.value_importer_kusd is not null, false) as is_mirror_only,
    coalesce(imports.n_suppliers, 0) as n_suppliers,
    {{ mirror_gap('imports.mirrored_exporter_kusd', 'imports.value_exporter_kusd', 'imports.value_importer_kusd') }} as import_mirror_gap,
    coalesce(imports.value_importer_kusd is null and imports.value_exporter_kusd is not null, false) as is_import_mirror_only,
    -- signed, over the flows that partners report: below zero the exporter says less than its buyers
    case
        when exports.mirrored_exporter_kusd > 0 and exports.value_importer_kusd > 0
            then ln(
                cast(exports.mirrored_exporter_kusd as double) / (cast(exports.value_importer_kusd as double) / {{ var('cif_fob_ratio') }})
            )
    end as mirror_log_gap
from exports
full join imports using (source, year, iso3)
