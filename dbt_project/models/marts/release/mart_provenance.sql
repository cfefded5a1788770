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
        ('fct_trade', 'raw_comtrade__data'), ('fct_trade', 'raw_baci__flows'),
        ('mart_product', 'raw_comtrade__data'), ('mart_product', 'raw_baci__flows'),
        ('mart_upgrading', 'raw_comtrade__data'), ('mart_upgrading', 'raw_baci__flows'),
        ('mart_ladder', 'raw_comtrade__data'), ('mart_ladder', 'raw_baci__flows'),
        ('mart_ladder', 'raw_faostat_forestry__data'), ('mart_ladder', 'raw_hs4_exports__cross_sections'),
        ('fct_export_hs4', 'raw_hs4_exports__cross_sections'),
        ('mart_complexity', 'raw_comtrade__data'), ('mart_complexity', 'raw_baci__flows'), ('mart_complexity', 'raw_hs4_exports__cross_sections'),
        ('mart_complexity', 'raw_wdi__indicators'),
        ('mart_gvc_participation', 'raw_comtrade__data'), ('mart_gvc_participation', 'raw_baci__flows'),
        ('mart_gvc_participation', 'raw_wits_gvc__output'), ('mart_gvc_participation', 'raw_oecd_tiva__data'),
        ('fct_rejection', 'raw_rasff__notices'), ('fct_rejection_origin', 'raw_rasff__notices'),
        ('fct_rejection_hazard', 'raw_rasff__notices'),
        ('mart_country_profile', 'raw_comtrade__data'), ('mart_country_profile', 'raw_baci__flows'),
        ('mart_country_profile', 'raw_rasff__notices')
    ) as feeds (table_name, raw_table)
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
