{# Every value that text columns of trade can hold, in one place: meta.dictionaries of yearly_parquet. The lists that stand in tables become dependencies. #}
{% macro dictionaries(columns) -%}
  {%- set known = {
      'source': ['baci', 'comtrade'],
      'hs_revision': ['HS1996'],
      'reported_by': ['both', 'exporter', 'importer', 'reconciled'],
      'data_origin': ['modelled', 'official', 'sample'],
      'source_vintage': 'int_trade__vintages.source_vintage',
      'iso3': 'dim_country.iso3',
      'exporter': 'dim_country.iso3',
      'importer': 'dim_country.iso3',
      'hs6': 'dim_product_hs6.hs6',
      'chain_id': 'map_chain_product.chain_id',
  } -%}
  {%- set found = {} -%}
  {%- for column in columns -%}
    {%- do found.update({column: known[column]}) -%}
    {#- while the project is read: a unit test runs without what the model does not select from -#}
    {%- if known[column] is string and not execute -%}{%- do ref(known[column].split('.')[0]) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}
