{# Industries of the input-output tables in use, in the order of each table. Rest of the world stays one economy: it is never split. #}
{% for source in io_table_sources() %}
select
    '{{ source }}' as source,
    edition,
    year,
    country,
    iso3,
    is_rest_of_world,
    sector,
    position
from {{ ref('stg_' ~ source ~ '__tables') }}
where row_status = 'kept'
{% if not loop.last %}union all{% endif %}
{% endfor %}
