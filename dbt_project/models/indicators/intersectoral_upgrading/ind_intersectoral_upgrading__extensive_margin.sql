{{ structure_indicator('extensive_margin', 'extensive_margin', 'ratio') }}
