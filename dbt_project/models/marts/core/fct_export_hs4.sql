with

exports as (
    select * from {{ ref('stg_hs4_exports__cross_sections') }}
    where row_status = 'kept'
),

final as (
    -- states that are gone are one exporter, areas not specified
    select
        publisher as source,
        year,
        exporter,
        hs_revision,
        hs4,
        cast(sum(cast(value_kusd as decimal(18, 3))) as decimal(18, 3)) as value_kusd,
        max(source_vintage) as source_vintage,
        max(data_origin) as data_origin
    from exports
    group by all
)

select * from final
order by source, year, exporter, hs4
