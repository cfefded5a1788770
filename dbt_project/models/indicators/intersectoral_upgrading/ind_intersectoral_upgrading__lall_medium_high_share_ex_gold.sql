{{ structure_indicator('lall_medium_high_share_ex_gold', 'medium_high_share_ex_gold', 'ratio', reason='ex_gold_null_reason') }}
