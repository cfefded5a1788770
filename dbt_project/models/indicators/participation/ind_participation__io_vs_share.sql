{{ engine_indicator('io_vs_share', 'vs_share', 'ratio') }}
