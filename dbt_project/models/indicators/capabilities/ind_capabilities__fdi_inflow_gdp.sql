{{ wdi_indicator('fdi_inflow_gdp', '% of GDP') }}
