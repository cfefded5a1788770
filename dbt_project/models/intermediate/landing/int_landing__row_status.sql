-- What became of every row that was parsed, counted by file and year.
with

{% set small = {'stg_wits_gvc__output': 'raw_wits_gvc__output', 'stg_oecd_tiva__data': 'raw_oecd_tiva__data',
                'stg_rasff__notices': 'raw_rasff__notices', 'stg_wdi__indicators': 'raw_wdi__indicators',
                'stg_hs4_exports__cross_sections': 'raw_hs4_exports__cross_sections',
                'stg_faostat_forestry__data': 'raw_faostat_forestry__data',
                'stg_wiod__tables': 'raw_wiod__tables', 'stg_oecd_icio__tables': 'raw_oecd_icio__tables',
                'stg_eora26__tables': 'raw_eora26__tables', 'stg_adb_mrio__tables': 'raw_adb_mrio__tables',
                'stg_emerging__tables': 'raw_emerging__tables'} -%}
trade as (
    select table_name, sha256, year, row_status, status_reason, n_rows
    from {{ ref('int_trade__row_status') }}
),

{% for model, table in small.items() -%}
{{ model }}_counts as (
    select
        '{{ table }}' as table_name,
        sha256,
        year,
        row_status,
        coalesce(status_reason, '') as status_reason,
        count(*) as n_rows
    from {{ ref(model) }}
    group by all
),

{% endfor -%}
final as (
    select * from trade
    {%- for model in small %}
    union all
    select * from {{ model }}_counts
    {%- endfor %}
)

select
    table_name,
    sha256,
    year,
    row_status,
    status_reason,
    n_rows
from final
