{{ structure_indicator('lall_medium_high_share', 'medium_high_share', 'ratio') }}
