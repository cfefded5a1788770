{{ structure_indicator('export_theil_extensive', 'theil_extensive', 'index', reason='theil_null_reason') }}
