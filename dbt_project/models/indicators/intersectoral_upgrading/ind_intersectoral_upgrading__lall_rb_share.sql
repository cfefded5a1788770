{{ structure_indicator('lall_rb_share', 'resource_based_share', 'ratio') }}
