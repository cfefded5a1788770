{{ wdi_indicator('gdp_per_capita_ppp', 'PPP USD') }}
