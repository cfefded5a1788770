{{ structure_indicator(
    'rauch_differentiated_share', 'differentiated_share', 'ratio', reason='rauch_null_reason',
    low='least(differentiated_share, differentiated_share_liberal)',
    high='greatest(differentiated_share, differentiated_share_liberal)'
) }}
