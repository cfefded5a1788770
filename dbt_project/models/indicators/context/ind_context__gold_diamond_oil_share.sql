{{ structure_indicator('gold_diamond_oil_share', 'point_resource_share', 'ratio') }}
