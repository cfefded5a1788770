{{ structure_indicator('lall_primary_share', 'primary_share', 'ratio') }}
