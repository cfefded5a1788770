{{ wdi_indicator('industry_va_per_worker', 'USD 2015') }}
