{{ structure_indicator('bec_parts_share', 'parts_export_share', 'ratio') }}
