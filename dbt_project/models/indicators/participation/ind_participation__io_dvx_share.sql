{{ engine_indicator('io_dvx_share', 'dvx_share', 'ratio') }}
