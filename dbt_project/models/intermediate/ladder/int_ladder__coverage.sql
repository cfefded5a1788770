with sources as (
    select source, year, is_whole_list from {{ ref('int_trade__coverage') }}
),

counted as (
    select * from {{ ref('int_ladder__loaded') }}
),

judged as (
    select
        counted.source,
        counted.year,
        counted.chain_id,
        counted.n_codes_loaded,
        chain.n_codes,
        coalesce(sources.is_whole_list, false) as is_whole_list,
        -- in a whole list an absent code is a true zero; in a part list it was perhaps never asked for: a fish ladder from tuna files alone is none
        coalesce(sources.is_whole_list, false) or (
            counted.n_stages_loaded = chain.n_stages
            and counted.n_codes_loaded >= {{ var('chain_coverage_min_share') }} * chain.n_codes
        ) as is_covered
    from counted
    inner join {{ ref('int_ladder__chain_stages') }} as chain on counted.chain_id = chain.chain_id
    left join sources on counted.source = sources.source and counted.year = sources.year
)

-- a remnant of one source beside a year that another source covers is no series of its own
select * from judged
where is_covered or not exists (
    select 1 from judged as other
    where other.chain_id = judged.chain_id and other.year = judged.year and other.is_covered
)
