{{ structure_indicator('export_hhi', 'export_hhi', 'index') }}
