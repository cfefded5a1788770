{{ structure_indicator(
    'capital_goods_import_share', 'capital_import_share', 'ratio',
    reason='import_null_reason', n_obs='n_suppliers', grade='import_dq_grade'
) }}
