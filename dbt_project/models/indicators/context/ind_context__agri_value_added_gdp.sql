{{ wdi_indicator('agri_value_added_gdp', '% of GDP') }}
