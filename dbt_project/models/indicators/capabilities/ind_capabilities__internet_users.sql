{{ wdi_indicator('internet_users', '% population') }}
