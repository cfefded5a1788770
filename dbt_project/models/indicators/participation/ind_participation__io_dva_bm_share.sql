{{ engine_indicator('io_dva_bm_share', 'dva_bm_share', 'ratio') }}
