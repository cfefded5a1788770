{{ structure_indicator('bec_intermediate_export_share', 'intermediate_export_share', 'ratio') }}
