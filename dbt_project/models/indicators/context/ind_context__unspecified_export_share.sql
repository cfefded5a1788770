{{ structure_indicator('unspecified_export_share', 'unspecified_share', 'ratio') }}
