{{ engine_indicator('gvc_position', 'position_kpww', 'log points') }}
