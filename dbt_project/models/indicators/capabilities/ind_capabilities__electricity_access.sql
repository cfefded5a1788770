{{ wdi_indicator('electricity_access', '% population') }}
