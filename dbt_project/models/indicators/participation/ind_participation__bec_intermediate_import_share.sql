{{ structure_indicator(
    'bec_intermediate_import_share', 'intermediate_import_share', 'ratio',
    reason='import_null_reason', n_obs='n_suppliers', grade='import_dq_grade'
) }}
