with trade as (
    select source, year, exporter as iso3, importer, value_kusd, value_exporter_kusd, value_importer_kusd from {{ ref('fct_trade') }}
)

select
    source,
    year,
    iso3,
    cast(count(distinct importer) filter (where importer <> 'XXX' and value_kusd > 0) as integer) as n_partners,
    {{ mirror_gap(
        'coalesce(sum(value_exporter_kusd) filter (where value_importer_kusd is not null), 0)',
        'sum(value_exporter_kusd)',
        'sum(value_importer_kusd)'
    ) }} as mirror_gap,
    sum(value_exporter_kusd) is null and sum(value_importer_kusd) is not null as is_mirror_only
from trade
group by all
