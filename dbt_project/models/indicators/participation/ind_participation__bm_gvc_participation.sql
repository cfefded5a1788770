{{ engine_indicator('bm_gvc_participation', 'participation_bm', 'ratio') }}
