{{ engine_indicator('io_vax_ratio', 'vax_ratio', 'ratio') }}
