{{ wdi_indicator('patents_resident_pm', 'per million') }}
