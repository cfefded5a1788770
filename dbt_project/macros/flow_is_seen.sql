{# Could a flow of `buyers` in another year be known? A flow that is missing there was lost only when somebody who could know reported that year:
   the buyer its imports, or the seller its exports. Sources without reporters (BACI is reconciled by its publisher) are seen whole. #}
{% macro flow_is_seen(year) -%}
    (not buyers.has_reporters or list_contains(buyers.import_years, {{ year }}) or list_contains(buyers.export_years, {{ year }}))
{%- endmacro %}
