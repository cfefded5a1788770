{{ config(meta={'dagster': {'ref': {'name': 'v_acp_current'}}}) }}
-- 79 members since 9 December 2022: Maldives in, South Africa out. Before that day the count differs by what had not happened yet.
select
    count(*) as n_members,
    count(*) filter (where iso3 = 'MDV') as n_maldives,
    count(*) filter (where iso3 = 'ZAF') as n_south_africa
from {{ ref('v_acp_current') }}
having (count(*) <> 79 or n_maldives <> 1 or n_south_africa <> 0)
    and (select data_date from {{ ref('dim_release') }}) >= date '2022-12-09'
