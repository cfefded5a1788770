{# Sectors of published statistics and of our own computation by the list they belong to: witnesses of one list can be compared sector by sector.
   The World Bank numbers the sectors of a table in the table's own order. #}
with lists (witness, sector_list) as (
    values
    ('wits_wiodo', 'wiod_35'), ('wits_adb', 'wiod_35'), ('wiod_2013', 'wiod_35'),
    -- ADB took over WIOD's list
    ('adb_mrio_62', 'wiod_35'), ('adb_mrio_72', 'wiod_35'), ('adb_mrio_74', 'wiod_35'),
    ('wits_wiodn', 'wiod_56'), ('wiod_2016', 'wiod_56'),
    ('wits_eora', 'eora_26'), ('eora26', 'eora_26'),
    ('wits_tiva', 'icio_45'), ('icio_2023', 'icio_45')
),

numbered as (
    select distinct
        {{ witness_of('edition') }} as witness,
        {{ engine_sector_id('edition', 'sector') }} as sector_id,
        dense_rank() over (partition by source, edition, year, country order by position) as sector_number
    from {{ ref('int_value_added__industries') }}
    union all
    select 'wits_' || witness as witness, witness || ':' || sector_code as sector_id, cast(sector_code as integer) as sector_number
    from {{ ref('wits_sectors') }}
)

select numbered.witness, numbered.sector_id, lists.sector_list, cast(numbered.sector_number as integer) as sector_number
from numbered inner join lists on numbered.witness = lists.witness
