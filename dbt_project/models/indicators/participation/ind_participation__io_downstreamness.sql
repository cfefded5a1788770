{{ engine_indicator('io_downstreamness', 'downstreamness_inventory', 'stages', of_sectors=true) }}
