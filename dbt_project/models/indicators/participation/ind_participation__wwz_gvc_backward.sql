{{ engine_indicator('wwz_gvc_backward', 'production_backward', 'ratio', of_sectors=true) }}
