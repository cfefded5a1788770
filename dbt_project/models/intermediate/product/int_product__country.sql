{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['iso3', 'hs6', 'source', 'year', 'hs_revision'],
        'dictionaries': dictionaries(['iso3', 'hs6', 'source', 'hs_revision', 'source_vintage', 'data_origin']),
    }
) }}

-- read twice, for each side its own columns: keeping ten million rows between the two costs more
with trade as not materialized (
    select * from {{ ref('fct_trade') }}
    where {{ this_year('year') }}
),

exports as (
    select
        source, hs_revision, year, exporter as iso3, hs6,
        sum(value_kusd) as export_kusd,
        sum(value_exporter_kusd) as value_exporter_kusd,
        sum(value_importer_kusd) as value_importer_kusd,
        coalesce(sum(value_exporter_kusd) filter (where value_importer_kusd is not null), 0) as mirrored_exporter_kusd,
        sum(value_kusd) filter (where quantity_t is null or is_quantity_estimated) as export_without_quantity_kusd,
        {{ exact_sum('quantity_t') }} as export_t,
        -- small flows say little about a price: freight samples and rounding (section 6)
        sum(value_kusd) filter (where {{ is_price_flow() }}) as price_kusd,
        {{ exact_sum('quantity_t', where=is_price_flow()) }} as price_t,
        count(*) filter (where {{ is_price_flow() }}) as n_price_flows,
        median(cast(value_kusd as double) / quantity_t) filter (where {{ is_price_flow() }}) as median_price_kusd_per_t,
        -- a row a partner: exporter, importer, code and year are the key of trade
        count(*) filter (where importer <> 'XXX' and value_kusd > 0) as n_partners,
        bool_or(is_partial_year) as is_partial_year
    from trade
    group by all
),

imports as (
    select
        source, hs_revision, year, importer as iso3, hs6,
        sum(value_kusd) as import_kusd,
        {{ exact_sum('quantity_t') }} as import_t,
        bool_or(is_partial_year) as is_partial_year
    from trade
    group by all
)

select
    source,
    hs_revision,
    year,
    iso3,
    hs6,
    cast(coalesce(exports.export_kusd, 0) as decimal(18, 3)) as export_kusd,
    cast(coalesce(imports.import_kusd, 0) as decimal(18, 3)) as import_kusd,
    cast(exports.value_exporter_kusd as decimal(18, 3)) as value_exporter_kusd,
    cast(exports.value_importer_kusd as decimal(18, 3)) as value_importer_kusd,
    cast(exports.mirrored_exporter_kusd as decimal(18, 3)) as mirrored_exporter_kusd,
    cast(coalesce(exports.export_without_quantity_kusd, 0) as decimal(18, 3)) as export_without_quantity_kusd,
    exports.export_t,
    imports.import_t,
    cast(coalesce(exports.price_kusd, 0) as decimal(18, 3)) as price_kusd,
    exports.price_t,
    exports.median_price_kusd_per_t,
    cast(coalesce(exports.n_price_flows, 0) as integer) as n_price_flows,
    cast(coalesce(exports.n_partners, 0) as integer) as n_partners,
    coalesce(exports.is_partial_year, false) or coalesce(imports.is_partial_year, false) as is_partial_year,
    vintages.source_vintage,
    vintages.data_origin
from exports
full join imports using (source, hs_revision, year, iso3, hs6)
-- of a source and year there is one: cheaper beside a million rows than in the groups of ten million
left join {{ ref('int_trade__vintages') }} as vintages using (source, year)
-- flows below half a dollar are zero in thousands: no trade
where coalesce(exports.export_kusd, 0) > 0 or coalesce(imports.import_kusd, 0) > 0
