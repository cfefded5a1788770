select code, amount from {{ ref('things') }}
