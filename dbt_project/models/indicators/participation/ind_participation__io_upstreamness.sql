{{ engine_indicator('io_upstreamness', 'upstreamness_inventory', 'stages', of_sectors=true) }}
