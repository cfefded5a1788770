{{ wdi_indicator('smallholder_employment_share', '% employment') }}
