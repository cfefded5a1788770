{# OECD TiVA content shares of gross exports as published, each edition for itself. Percent in the source, ratios here. #}
with observations as (
    select * from {{ ref('stg_oecd_tiva__data') }}
    where row_status = 'kept' and unit_measure = 'PT_EXGR' and counterpart_area = 'W' and measure in ('EXGR_FVA', 'EXGR_DVA')
)

select
    edition,
    -- the version of the data flow: 1.0 is the edition of 2023, 1.1 that of 2025
    case edition when '1.0' then 'icio_2023' when '1.1' then 'icio_2025' end as table_witness,
    dense_rank() over (order by cast(string_split(edition, '.') as integer[]) desc) = 1 as is_newest,
    iso3,
    sector_id,
    year,
    max(obs_value) filter (where measure = 'EXGR_FVA') / 100 as fva_share,
    max(obs_value) filter (where measure = 'EXGR_DVA') / 100 as dva_share,
    max(source_vintage) as source_vintage,
    max(data_origin) as data_origin
from observations
group by edition, iso3, sector_id, year
