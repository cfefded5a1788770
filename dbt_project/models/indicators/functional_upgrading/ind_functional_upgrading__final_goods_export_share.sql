{{ structure_indicator('final_goods_export_share', 'final_export_share', 'ratio') }}
