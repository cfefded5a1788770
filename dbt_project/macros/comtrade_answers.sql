{# Which answers to the questions of this platform hold each reporter and period of a file, and whether they are the newest whole ones: a row that
   only an older answer has was removed by its publisher (docs/decisions/0003). Columns: file_id, freq_code, reporter_code, period, question, is_newest. #}
{% macro comtrade_answers() -%}
    with

    told as (
        -- of what this platform fetched: the question, its counted rows, and the publisher's token of each data set in the answer
        select
            file_id,
            sha256,
            duplicate_of,
            years_repeated,
            retrieved_at,
            rows_read,
            cast(request -> '$.proof' as varchar) as proof
        from {{ ref('stg_landing__files') }}
        where table_name = 'raw_comtrade__data' and status = 'accepted'
    ),

    asked as (
        -- a data set is named 'frequency reporter period flows codes'
        select
            file_id,
            retrieved_at,
            sum(rows_read) over (partition by proof) >= cast(proof ->> '$.rows_counted' as bigint) as is_whole,
            unnest(map_entries(cast(proof -> '$.data_sets' as map (varchar, varchar)))) as data_set
        from told
        where proof is not null
    ),

    newest as (
        select
            data_set.key as data_set,
            max({ 'retrieved_at': retrieved_at, 'token': data_set.value }) as answer
        from asked
        where is_whole
        group by all
    ),

    holders as (
        -- rows that came again are held by the file that had them before
        select file_id, file_id as holder_id, cast(null as varchar) as year
        from told
        union all
        select told.file_id, earlier.file_id as holder_id, null as year
        from told
        inner join told as earlier on told.duplicate_of = earlier.sha256
        union all
        select repeats.file_id, earlier.file_id as holder_id, repeats.entry.key as year
        from (select file_id, unnest(map_entries(cast(cast(years_repeated as json) as map (varchar, varchar)))) as entry from told) as repeats
        inner join told as earlier on repeats.entry.value = earlier.sha256
    )

    select
        holders.holder_id as file_id,
        string_split(asked.data_set.key, ' ')[1] as freq_code,
        string_split(asked.data_set.key, ' ')[2] as reporter_code,
        string_split(asked.data_set.key, ' ')[3] as period,
        min(asked.data_set.key) as question,
        bool_or(asked.data_set.value = newest.answer.token or asked.retrieved_at >= newest.answer.retrieved_at) as is_newest
    from asked
    inner join holders
        on asked.file_id = holders.file_id and (holders.year is null or starts_with(string_split(asked.data_set.key, ' ')[3], holders.year))
    left join newest on asked.data_set.key = newest.data_set
    group by all
{%- endmacro %}
