{{ structure_indicator('export_theil', 'theil', 'index', reason='theil_null_reason') }}
