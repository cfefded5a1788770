{{ structure_indicator('active_lines', 'active_lines', 'count') }}
