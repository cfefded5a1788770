{{ wdi_indicator('agri_va_per_worker', 'USD 2015') }}
