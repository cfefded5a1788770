{{ wdi_indicator('researchers_pm', 'per million') }}
