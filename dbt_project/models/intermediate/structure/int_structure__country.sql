{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3']}
) }}

{#- class of goods -> BEC Rev.4 classes; a code that stands in several classes belongs to it only when all of them do, else it is ambiguous -#}
{%- set bec_classes = {
    'intermediate': bec_intermediate_classes(),
    'intermediate_ex_fuels': bec_intermediate_classes(with_fuels=false),
    'final': "['41', '521', '112', '122', '522', '61', '62', '63']",
    'capital': "['41', '521']",
    'parts': "['42', '53']",
} -%}
{%- set export_only = {
    'medium_high': "left(lall, 2) in ('MT', 'HT')",
    'primary': "lall = 'PP'",
    'resource_based': "left(lall, 2) = 'RB'",
    'point_resources': "hs4 in ('7108', '7102', '2709', '2710', '2711')",
    'gold': "hs4 = '7108'",
    'differentiated': "rauch_con = 'n'",
    'reference_priced': "rauch_con = 'r'",
    'on_exchange': "rauch_con = 'w'",
    'differentiated_liberal': "rauch_lib = 'n'",
    'reference_priced_liberal': "rauch_lib = 'r'",
    'on_exchange_liberal': "rauch_lib = 'w'",
} -%}

-- Whole exports and imports of a country by class of goods, and what its basket looks like line by line: one row a country and year.
with

classes as (
    select
        hs_revision,
        hs6,
        not is_specified as is_unspecified,  -- in totals, not a product
        {%- for name, listed in bec_classes.items() %}
        coalesce(len(list_filter(string_split(bec4, '|'), lambda class: not list_contains({{ listed }}, class))) = 0, false) as is_{{ name }},
        {%- endfor %}
        {%- for name, condition in export_only.items() %}
        coalesce({{ condition }}, false) as is_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('dim_product_hs6') }}
),

products as (
    select
        product.source, product.year, product.iso3, product.hs6, product.export_kusd, product.import_kusd, product.is_partial_year,
        coalesce(classes.is_unspecified, true) as is_unspecified,
        classes.* exclude (hs_revision, hs6, is_unspecified)
    from {{ ref('int_product__country') }} as product
    left join classes on product.hs_revision = classes.hs_revision and product.hs6 = classes.hs6
    where {{ this_year('product.year') }}
),

-- groups that are joined back: windows over the same million rows would sort them once each
lines as (
    select source, year, hs6, sum(export_kusd) as world_kusd from products
    group by all
),

countries as (
    select
        source, year, iso3,
        nullif(cast(sum(export_kusd) as double), 0) as country_kusd,
        nullif(cast(sum(export_kusd) filter (where not is_unspecified) as double), 0) as specified_kusd
    from products
    group by all
),

weighed as (
    select
        products.*,
        cast(products.export_kusd as double) / countries.country_kusd as share,
        cast(products.export_kusd as double) / countries.specified_kusd as line_share,
        -- the world without the country: a large seller would otherwise weigh its own lines (Hummels and Klenow)
        lines.world_kusd - products.export_kusd as rest_kusd
    from products
    inner join countries using (source, year, iso3)
    inner join lines using (source, year, hs6)
),

-- every line of the year, whoever sells it: what the country does not sell weighs in the denominator of its extensive margin
world as (
    select source, year, sum(export_kusd) as world_specified_kusd from products
    where not is_unspecified
    group by all
),

measured as (
    select
        source,
        year,
        iso3,
        sum(export_kusd) as export_kusd,
        sum(import_kusd) as import_kusd,
        bool_or(is_partial_year) as is_partial_year,
        coalesce(sum(export_kusd) filter (where not is_unspecified), 0) as export_specified_kusd,
        count(*) filter (where export_kusd > 0 and not is_unspecified) as n_lines,
        count(*) filter (where export_kusd >= {{ var('active_line_min_kusd') }} and not is_unspecified) as active_lines,
        {{ exact_sum('share * share', where='not is_unspecified', decimals=18) }} as export_hhi,
        -- shares of what is left without gold, which rises and falls with its own price
        {{ exact_sum('share * share', where='not is_unspecified and not is_gold', decimals=18) }} as export_hhi_around_gold,
        {{ exact_sum('case when line_share > 0 then line_share * ln(line_share) end', where='not is_unspecified', decimals=18) }} as sum_share_ln_share,
        coalesce(sum(rest_kusd) filter (where export_kusd > 0 and not is_unspecified), 0) as rest_of_own_lines_kusd,
        {%- for name in bec_classes %}
        coalesce(sum(export_kusd) filter (where is_{{ name }}), 0) as export_{{ name }}_kusd,
        coalesce(sum(import_kusd) filter (where is_{{ name }}), 0) as import_{{ name }}_kusd,
        {%- endfor %}
        {%- for name in export_only %}
        coalesce(sum(export_kusd) filter (where is_{{ name }}), 0) as export_{{ name }}_kusd{{ ',' if not loop.last }}
        {%- endfor %}
    from weighed
    group by all
)

select
    measured.source,
    measured.year,
    measured.iso3,
    cast(measured.n_lines as integer) as n_lines,
    cast(measured.active_lines as integer) as active_lines,
    measured.export_hhi,
    measured.export_hhi_around_gold
        * pow(cast(measured.export_kusd as double) / nullif(cast(measured.export_kusd - measured.export_gold_kusd as double), 0), 2)
        as export_hhi_ex_gold,
    measured.sum_share_ln_share,
    cast(measured.rest_of_own_lines_kusd as double)
        / nullif(cast(world.world_specified_kusd - measured.export_specified_kusd as double), 0) as extensive_margin,
    cast(measured.export_kusd as decimal(18, 3)) as export_kusd,
    cast(measured.import_kusd as decimal(18, 3)) as import_kusd,
    measured.is_partial_year,
    cast(measured.export_specified_kusd as decimal(18, 3)) as export_specified_kusd,
    {%- for name in bec_classes %}
    cast(measured.export_{{ name }}_kusd as decimal(18, 3)) as export_{{ name }}_kusd,
    cast(measured.import_{{ name }}_kusd as decimal(18, 3)) as import_{{ name }}_kusd,
    {%- endfor %}
    {%- for name in export_only %}
    cast(measured.export_{{ name }}_kusd as decimal(18, 3)) as export_{{ name }}_kusd{{ ',' if not loop.last }}
    {%- endfor %}
from measured
left join world on measured.source = world.source and measured.year = world.year
