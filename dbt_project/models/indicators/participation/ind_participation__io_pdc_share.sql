{{ engine_indicator('io_pdc_share', '(ddc_bm_musd + fdc_bm_musd) / nullif(exports_musd, 0)', 'ratio') }}
