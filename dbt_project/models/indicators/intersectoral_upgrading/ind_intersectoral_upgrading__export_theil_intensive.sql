{{ structure_indicator('export_theil_intensive', 'theil_intensive', 'index', reason='theil_null_reason') }}
