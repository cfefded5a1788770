{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['year', 'sha256', 'row_in_file']}
) }}

-- A cell is what one file says about one code of one reporter and period. Which cell is used is decided on cells,
-- not on rows, so that the large table is only streamed. One file a year: three models read it, and a view over all years would not fit into memory.
with

data as not materialized (
    select * from {{ source('comtrade', 'raw_comtrade__data') }}
    where {{ this_year('year') }}
),

files as (
    {{ files_of('raw_comtrade__data') }}
),

answers as (
    {{ comtrade_answers() }}
),

countries as (
    {{ country_codes_of('comtrade') }}
),

products as (
    select classification_code, hs6_from, hs6_hs1996 from {{ ref('hs_revisions_to_hs1996') }}
),

scoped as not materialized (
    select
        files.file_id,
        files.preference,
        data._row,
        data.year,
        data.freq_code,
        data.month,
        data.period,
        data.reporter_code,
        data.flow_code,
        data.classification_code,
        data.cmd_code,
        data.net_weight_kg,
        data.is_net_weight_estimated,
        data.fob_value_usd,
        data.primary_value_usd,
        data.data_origin,
        reporters.iso3 as reporter,
        partners.iso3 as partner,
        products.hs6_hs1996 as hs6,
        case
            when data.flow_code not in ('M', 'X') then 'other_flow'
            when data.partner_code = '0' then 'world_partner'
            -- totals over second partner, customs procedure, mode of supply and of transport; the splits would count twice
            when
                coalesce(data.partner2_code, '0') <> '0' or coalesce(data.customs_code, 'C00') <> 'C00'
                or coalesce(data.mos_code, '0') <> '0' or coalesce(data.mot_code, '0') <> '0' then 'breakdown_row'
            when reporters.iso3 is null or reporters.iso3 = 'XXX' then 'reporter_not_a_country'
            when partners.iso3 is null then 'unknown_partner'
            when data.classification_code not similar to 'H[0-6]' then 'not_hs'
            when length(data.cmd_code) <> 6 then 'not_hs6'
            when products.hs6_hs1996 is null then 'no_hs1996_code'
            when reporters.iso3 = partners.iso3 then 'own_country'
            when data.primary_value_usd is null then 'no_value'
        end as scope_reason
    from data
    inner join files on data._sha256 = files.sha256
    left join countries as reporters on data.reporter_code = reporters.code
    left join countries as partners on data.partner_code = partners.code
    left join products
        on data.classification_code = products.classification_code and data.cmd_code = products.hs6_from
),

cells as (
    select
        scoped.year,
        scoped.freq_code,
        scoped.period,
        scoped.reporter_code,
        scoped.flow_code,
        scoped.classification_code,
        scoped.cmd_code,
        scoped.file_id,
        any_value(scoped.reporter) as reporter,
        any_value(scoped.hs6) as hs6,
        any_value(scoped.preference) as preference,
        bool_or(scoped.scope_reason is null) as has_rows_in_scope
    from scoped
    group by all
),

present as (
    -- of a question that was answered anew and whole, what only the older answer has is gone
    select
        cells.*,
        coalesce(
            not answers.is_newest
            and bool_or(answers.is_newest) over (partition by cells.year, cells.freq_code, cells.period, cells.reporter_code, answers.question),
            false
        ) as is_gone
    from cells
    left join answers
        on
            cells.file_id = answers.file_id
            and cells.freq_code = answers.freq_code
            and cells.reporter_code = answers.reporter_code
            and cells.period = answers.period
),

best_batch as (
    select
        *,
        not is_gone and preference = min(preference) filter (where not is_gone)
            over (partition by year, freq_code, period, reporter_code, flow_code, cmd_code) as is_best_batch
    from present
),

ranked as (
    select
        *,
        bool_or(freq_code = 'A' and is_best_batch and has_rows_in_scope)
            over (partition by year, reporter, flow_code, hs6) as has_annual,
        -- HS1996 itself first, then the latest edition
        case when classification_code = 'H1' then 'H9' else classification_code end
        = max(case when classification_code = 'H1' then 'H9' else classification_code end)
            over (partition by year, period, reporter, flow_code, hs6, is_best_batch and has_rows_in_scope) as is_best_edition
    from best_batch
),

final as (
    select
        files.sha256,
        scoped._row as row_in_file,
        scoped.year,
        scoped.freq_code,
        scoped.month,
        scoped.period,
        scoped.reporter,
        scoped.partner,
        scoped.flow_code,
        scoped.classification_code,
        scoped.cmd_code,
        scoped.hs6,
        scoped.net_weight_kg,
        coalesce(scoped.is_net_weight_estimated, false) as is_net_weight_estimated,
        nullif(scoped.fob_value_usd, 0) as fob_value_usd,
        scoped.primary_value_usd,
        scoped.data_origin,
        case
            when {{ source_is_blocked('raw_comtrade__data') }} then 'out_of_scope'
            when not ranked.is_best_batch then 'superseded'
            when scoped.scope_reason is not null then 'out_of_scope'
            when scoped.freq_code <> 'A' and ranked.has_annual then 'superseded'
            when not ranked.is_best_edition then 'superseded'
            else 'kept'
        end as row_status,
        case
            when {{ source_is_blocked('raw_comtrade__data') }} then 'source_blocked'
            when not ranked.is_best_batch then 'other_batch_preferred'
            when scoped.scope_reason is not null then scoped.scope_reason
            when scoped.freq_code <> 'A' and ranked.has_annual then 'annual_preferred'
            when not ranked.is_best_edition then 'other_edition_preferred'
        end as status_reason
    from scoped
    inner join ranked
        on
            scoped.year = ranked.year
            and scoped.freq_code = ranked.freq_code
            and scoped.period = ranked.period
            and scoped.reporter_code = ranked.reporter_code
            and scoped.flow_code = ranked.flow_code
            and scoped.classification_code = ranked.classification_code
            and scoped.cmd_code = ranked.cmd_code
            and scoped.file_id = ranked.file_id
    inner join files on scoped.file_id = files.file_id
)

select * from final
