{{ engine_indicator('bm_gvc_forward', 'forward_bm', 'ratio') }}
