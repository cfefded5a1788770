{{ engine_indicator('bm_gvc_backward', 'backward_bm', 'ratio') }}
