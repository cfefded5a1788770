{{ engine_indicator('bmt_two_sided_share', 'gvc_output_two_sided', 'ratio', of_sectors=true) }}
