{{ engine_indicator('io_davax_share', 'davax_musd / nullif(exports_musd, 0)', 'ratio') }}
