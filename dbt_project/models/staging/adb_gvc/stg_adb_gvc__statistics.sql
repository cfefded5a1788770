-- Economies are numbered within an edition: the list of the edition of 72 economies is known, others have no country here.
with

statistics as (
    select * from {{ source('adb_gvc', 'raw_adb_gvc__statistics') }}
),

files as (
    {{ files_of('raw_adb_gvc__statistics') }}
),

countries as (
    select 'ADB MRIO 72' as edition, code, iso3 from ({{ country_codes_of('adb_72') }})
),

ranked as (
    select
        statistics.*,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by statistics.statistics, statistics.edition) as is_best_batch,
        case when countries.iso3 is null then 'not_a_country' end as scope_reason
    from statistics
    inner join files on statistics._sha256 = files.sha256
    left join countries on statistics.edition = countries.edition and statistics.economy_number = countries.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        statistics,
        edition,
        iso3,
        economy_number,
        sector_level,
        case sector_level
            when 0 then 'ALL'
            when 35 then 'adb:' || sector_number
            else 'adb' || sector_level || ':' || sector_number
        end as sector_id,
        year,
        exports_musd,
        value_added_musd,
        gvc_backward_musd,
        gvc_forward_musd,
        backward_share,
        forward_share,
        participation_share,
        production_share,
        plv,
        ply,
        gvc_pos,
        rca,
        rca_vaxes,
        rca_vaxos,
        source_vintage,
        data_origin,
        {{ row_status('raw_adb_gvc__statistics') }}
    from ranked
)

select * from final
