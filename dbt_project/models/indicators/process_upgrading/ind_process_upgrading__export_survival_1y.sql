{{ survival_indicator(1) }}
