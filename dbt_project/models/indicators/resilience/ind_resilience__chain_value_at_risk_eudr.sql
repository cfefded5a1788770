{{ structure_indicator('chain_value_at_risk_eudr', 'deforestation_rules_share', 'ratio') }}
