{{ wdi_indicator('manuf_va_share', 'ratio') }}
