{# Gap between an exporter's reports and its partners' reports on FOB basis, over the flows that its partners report: |E / (M / cif_fob) - 1|.
   Null where one side is silent (a fact that is not known, not a gap of nothing).
   mirrored_exporter  exporter's reports on flows that the importer reports too;  exporter, importer  all reports of each side #}
{% macro mirror_gap(mirrored_exporter, exporter, importer) -%}
    case
        when {{ exporter }} is not null and {{ importer }} > 0
            then abs(cast({{ mirrored_exporter }} as double) / (cast({{ importer }} as double) / {{ var('cif_fob_ratio') }}) - 1)
    end
{%- endmacro %}
