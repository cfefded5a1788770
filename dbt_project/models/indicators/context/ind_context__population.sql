{{ wdi_indicator('population', 'persons') }}
