{# Own computation from input-output tables: levels and shares by witness, country, sector and year. Witnesses stand apart, rest of the world is left out. #}
select * exclude (table_source), table_source as source
from {{ ref('int_value_added__engine') }}
order by witness, iso3, sector_id, year
