{{ structure_indicator('export_hhi_ex_gold', 'export_hhi_ex_gold', 'index', reason='ex_gold_null_reason') }}
