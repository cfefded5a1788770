{% set window = var('ladder_window_years') | int %}
{% set years = var('ladder_change_years') | int %}

{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id'], 'years_back': ladder_years_back(), 'base_years': price_base_years()}
) }}

with change as (
    {{ ladder_panel_change(
        'year - ' ~ (years + window - 1),
        'year - ' ~ years,
        'year - ' ~ (window - 1),
        'year'
    ) }}
),

common as (
    select
        *,
        {%- for basis in ['pos_value', 'pos_constprice', 'pos_rawequiv'] %}
        last_{{ basis }} - first_{{ basis }} as change_{{ basis }},
        {%- endfor %}
        -- the same bases at both ends
        {{ existing([
            'case when last_pos_value is not null then first_pos_value end',
            'case when last_pos_constprice is not null then first_pos_constprice end',
            'case when last_pos_rawequiv is not null then first_pos_rawequiv end',
        ]) }} as firsts,
        {{ existing([
            'case when first_pos_value is not null then last_pos_value end',
            'case when first_pos_constprice is not null then last_pos_constprice end',
            'case when first_pos_rawequiv is not null then last_pos_rawequiv end',
        ]) }} as lasts
    from change
),

changes as (
    select *, {{ existing(['change_pos_value', 'change_pos_constprice', 'change_pos_rawequiv']) }} as changes from common
)

select
    source,
    cast(last_to as smallint) as year,
    iso3,
    chain_id,
    cast(n_panel as integer) as n_panel,
    change_pos_value,
    change_pos_constprice,
    change_pos_rawequiv,
    cast(len(changes) as tinyint) as n_bases,
    -- the median's change lies between the smallest and the largest change of a basis; the last bit of a float may not, hence the clip
    case
        when null_reason is null and len(changes) >= 2
            then least(greatest(list_median(lasts) - list_median(firsts), list_min(changes)), list_max(changes))
    end as climb,
    case when null_reason is null then list_min(changes) end as climb_low,
    case when null_reason is null then list_max(changes) end as climb_high,
    -- two bases always include a volume basis: there is one value basis only
    case when null_reason is null and len(changes) >= 2 then list_min(changes) > 0 or list_max(changes) < 0 end as is_agreed,
    case when null_reason is not null then null_reason when len(changes) < 2 then 'below_min_obs' end as null_reason
from changes
