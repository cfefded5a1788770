{{ engine_indicator('io_fva_bm_share', 'fva_bm_musd / nullif(exports_musd, 0)', 'ratio') }}
