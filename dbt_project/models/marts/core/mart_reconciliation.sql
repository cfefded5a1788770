{# Published statistic less our own computation from the table that it rests on. A difference is reported, never mended. #}
with engine as (
    select * from {{ ref('int_value_added__engine') }}
    where null_reason is null
),

wits as (
    select
        table_sector.witness,
        table_sector.sector_id,
        output.iso3,
        output.sector_id as published_sector_id,
        output.year,
        output.gvc_output_share,
        output.gvc_output_backward,
        output.gvc_output_forward,
        output.gvc_output_two_sided,
        output.source_vintage as published_vintage
    from {{ ref('int_value_added__gvc_output') }} as output
    inner join {{ ref('int_value_added__sectors') }} as published_sector
        on 'wits_' || output.witness = published_sector.witness and output.sector_id = published_sector.sector_id
    inner join {{ ref('int_value_added__sectors') }} as table_sector
        on
            published_sector.sector_list = table_sector.sector_list
            and published_sector.sector_number = table_sector.sector_number
            and table_sector.witness = case output.witness
                when 'wiodo' then 'wiod_2013'
                when 'wiodn' then 'wiod_2016'
                when 'eora' then 'eora26'
                when 'adb' then 'adb_mrio_62'
                when 'tiva' then 'icio_2023'
            end
    where output.null_reason is null
),

adb as (
    select
        {{ witness_of('statistics.edition') }} as witness,
        statistics.iso3,
        statistics.sector_id as published_sector_id,
        coalesce(table_sector.sector_id, 'ALL') as sector_id,
        statistics.year,
        statistics.backward_share as backward_bm,
        statistics.forward_share as forward_bm,
        statistics.participation_share as participation_bm,
        statistics.source_vintage as published_vintage
    from {{ ref('stg_adb_gvc__statistics') }} as statistics
    left join {{ ref('int_value_added__sectors') }} as published_sector
        on published_sector.witness = 'wits_adb' and statistics.sector_id = published_sector.sector_id
    left join {{ ref('int_value_added__sectors') }} as table_sector
        on
            published_sector.sector_list = table_sector.sector_list
            and published_sector.sector_number = table_sector.sector_number
            and table_sector.witness = {{ witness_of('statistics.edition') }}
    where
        statistics.row_status = 'kept'
        and statistics.statistics = 'participation'
        and (statistics.sector_level = 0 or table_sector.sector_id is not null)
),

published as (
    {%- for measure in ['gvc_output_share', 'gvc_output_backward', 'gvc_output_forward', 'gvc_output_two_sided'] %}
    select
        'wits_gvc' as published_source, witness, '{{ measure }}' as measure, iso3, published_sector_id, sector_id, year,
        {{ measure }} as published, published_vintage
    from wits
    union all
    {%- endfor %}
    {%- for measure in ['backward_bm', 'forward_bm', 'participation_bm'] %}
    select
        'adb_gvc' as published_source, witness, '{{ measure }}' as measure, iso3, published_sector_id, sector_id, year,
        {{ measure }} as published, published_vintage
    from adb
    where {{ measure }} is not null
    union all
    {%- endfor %}
    {%- for measure, column in [('foreign_content_share', 'fva_share'), ('domestic_content_share', 'dva_share')] %}
    select
        'oecd_tiva' as published_source, forms.witness, '{{ measure }}' as measure, tiva.iso3, tiva.sector_id as published_sector_id,
        case when tiva.sector_id = 'ALL' then 'ALL' else replace(tiva.sector_id, 'tiva:', forms.sector_prefix) end as sector_id,
        tiva.year, tiva.{{ column }} as published, tiva.source_vintage as published_vintage
    from {{ ref('int_value_added__tiva_editions') }} as tiva
    -- both forms of the OECD's table: its statistics match the extended one for China and Mexico
    inner join (
        values ('icio_2025', 'icio_2025', 'icio:'), ('icio_2025', 'icio_2025_ext', 'icio:'), ('icio_2023', 'icio_2023', 'icio_2023:')
    ) as forms (table_witness, witness, sector_prefix)
        on tiva.table_witness = forms.table_witness
    where tiva.{{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

computed as (
    unpivot (
        select
            witness, iso3, sector_id, year, output_musd, source_vintage as table_vintage, data_origin, dq_grade,
            gvc_output_share, gvc_output_backward, gvc_output_forward, gvc_output_two_sided, foreign_content_share, domestic_content_share,
            backward_bm, forward_bm, participation_bm
        from engine
    )
    on
        gvc_output_share, gvc_output_backward, gvc_output_forward, gvc_output_two_sided, foreign_content_share, domestic_content_share,
        backward_bm, forward_bm, participation_bm
    into name measure value computed
),

compared as (
    select published.*, computed.computed, computed.output_musd, computed.table_vintage, computed.data_origin, computed.dq_grade
    from published
    inner join computed
        on
            published.witness = computed.witness
            and published.measure = computed.measure
            and published.iso3 = computed.iso3
            and published.sector_id = computed.sector_id
            and published.year = computed.year
)

select
    published_source,
    witness,
    measure,
    iso3,
    sector_id,
    cast(year as smallint) as year,
    published_sector_id,
    published,
    computed,
    published - computed as difference,
    output_musd,
    case
        when abs(published - computed) < 1e-6 then 'none'
        when data_origin = 'sample' then 'sample'
        when witness = 'wiod_2013' and output_musd < {{ var('reconciliation_small_output_musd') }} then 'small_industry'
        when witness = 'wiod_2013' then 'rounded_table'
        -- we leave Eora's sector of re-exports out, the publisher lists it
        when witness = 'eora26' then 'reexports_left_out'
        when published_source = 'wits_gvc' and witness = 'icio_2023' then 'another_edition'
        else 'unknown'
    end as cause,
    dq_grade,
    published_vintage,
    table_vintage,
    data_origin
from compared
order by published_source, witness, measure, iso3, sector_id, year
