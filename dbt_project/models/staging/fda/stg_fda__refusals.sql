-- Refused lines. A download holds every refusal of its months, an answer those of the countries that were asked for: an answer serves only
-- months that no download holds. Shipments are counted by entry_number; a line may come several times, once for each charge.
with

refusals as (
    select * from {{ source('fda', 'raw_fda__refusals') }}
),

files as (
    {{ files_of('raw_fda__refusals') }}
),

countries as (
    {{ country_codes_of('iso2') }}
),

joined as (
    select
        refusals.*,
        countries.iso3,
        files.source_vintage,
        files.preference,
        date_trunc('month', refusals.refused_on) as month,
        refusals.layout = 'api_json' as is_answer
    from refusals
    inner join files on refusals._sha256 = files.sha256
    left join countries on refusals.country_code = countries.code
),

ranked as (
    select
        *,
        case
            when is_answer
                then
                    not coalesce(bool_or(layout = 'bulk_csv') over (partition by month), false)
                    and preference = min(preference) over (partition by month, country_code, layout)
            else preference = min(preference) over (partition by month, layout)
        end as is_best_batch,
        case
            when layout = 'shrimp_extract' then 'part_of_products'
            when iso3 is null then 'country_not_in_list'
        end as scope_reason
    from joined
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        country_code,
        year,
        refused_on,
        entry_number,
        document_id,
        line_number,
        line_suffix,
        product_code,
        left(product_code, 2) as industry_code,
        product_text,
        string_split(charge_ids, ',') as charge_ids,
        source_vintage,
        data_origin,
        {{ row_status('raw_fda__refusals') }}
    from ranked
)

select * from final
