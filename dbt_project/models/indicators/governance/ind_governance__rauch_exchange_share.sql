{{ structure_indicator(
    'rauch_exchange_share', 'on_exchange_share', 'ratio', reason='rauch_null_reason',
    low='least(on_exchange_share, on_exchange_share_liberal)',
    high='greatest(on_exchange_share, on_exchange_share_liberal)'
) }}
