{{ engine_indicator('wwz_gvc_forward', 'production_forward', 'ratio', of_sectors=true) }}
