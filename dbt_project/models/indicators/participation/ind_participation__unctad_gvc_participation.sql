{{ engine_indicator('unctad_gvc_participation', 'participation_unctad', 'ratio') }}
