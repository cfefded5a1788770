{{ wdi_indicator('rd_gdp', '% of GDP') }}
