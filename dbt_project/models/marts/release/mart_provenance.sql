{%- set trade = ['raw_comtrade__data', 'raw_baci__flows'] -%}
{%- set io_tables = ['raw_oecd_icio__tables', 'raw_wiod__tables', 'raw_eora26__tables', 'raw_adb_mrio__tables', 'raw_emerging__tables'] -%}
{%- set feeds = {
    'fct_export_hs4': ['raw_hs4_exports__cross_sections'],
    'fct_rejection': ['raw_rasff__notices'],
    'fct_rejection_hazard': ['raw_rasff__notices'],
    'fct_rejection_origin': ['raw_rasff__notices'],
    'fct_trade': trade,
    'mart_chain_world': trade,
    'mart_complexity': trade + ['raw_hs4_exports__cross_sections', 'raw_wdi__indicators'],
    'mart_country_profile': trade + ['raw_rasff__notices'],
    'mart_governance': trade,
    'mart_group': trade,
    'mart_gvc_participation': trade + io_tables + ['raw_wits_gvc__output', 'raw_oecd_tiva__data'],
    'mart_ladder': trade + ['raw_faostat_forestry__data', 'raw_hs4_exports__cross_sections'],
    'mart_product': trade,
    'mart_reconciliation': io_tables + ['raw_wits_gvc__output', 'raw_oecd_tiva__data', 'raw_adb_gvc__statistics'],
    'mart_upgrading': trade,
    'mart_value_added': io_tables,
    'mart_witness_agreement': io_tables + ['raw_wits_gvc__output', 'raw_oecd_tiva__data'],
} -%}

-- From a published value back to bytes. Which raw tables feed an indicator stands in the catalogue; which years a file feeds is counted.
with

files as (
    select * from {{ ref('stg_landing__files') }}
    where status = 'accepted'
),

used as (
    select
        table_name,
        sha256,
        year,
        sum(n_rows) as row_count
    from {{ ref('int_landing__row_status') }}
    where row_status = 'kept' and year is not null
    group by all
),

-- how much of a year a source holds: measured by its fullest year, as no source says how many rows there should be
years as (
    select
        table_name,
        year,
        sum(row_count) / max(sum(row_count)) over (partition by table_name) as rows_to_fullest_year
    from used
    group by table_name, year
),

indicators as (
    select
        indicator_id,
        unnest(string_split(inputs_tables, '|')) as raw_table
    from {{ ref('indicator_catalogue') }}
    where status = 'live'
),

published as (
    select dim_indicator.table_name, indicators.indicator_id, indicators.raw_table
    from indicators
    inner join {{ ref('dim_indicator') }} as dim_indicator on indicators.indicator_id = dim_indicator.indicator_id
    union all
    select table_name, 'ALL' as indicator_id, raw_table
    from (
        values
        {%- for table, inputs in feeds.items() %}
        {%- set last_table = loop.last %}
        {%- for input in inputs %}
        ('{{ table }}', '{{ input }}'){{ ',' if not (last_table and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    ) as feeds (table_name, raw_table)
    union all
    -- every source under the name of its own table: how fresh and how full it is, whatever is published from it
    select distinct table_name, 'ALL' as indicator_id, table_name as raw_table from used
),

final as (
    select
        published.table_name,
        published.indicator_id,
        cast(used.year as smallint) as year,
        files.source,
        files.source_vintage,
        files.sha256,
        files.request,
        files.retrieved_at,
        files.licence,
        files.may_redistribute,
        cast(used.row_count as bigint) as row_count,
        cast(years.rows_to_fullest_year as double) as rows_to_fullest_year
    from published
    inner join used on published.raw_table = used.table_name
    inner join years on used.table_name = years.table_name and used.year = years.year
    inner join files on used.table_name = files.table_name and used.sha256 = files.sha256
)

select * from final
order by table_name, indicator_id, year, sha256
