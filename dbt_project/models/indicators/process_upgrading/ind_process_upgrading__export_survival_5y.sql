{{ survival_indicator(5) }}
