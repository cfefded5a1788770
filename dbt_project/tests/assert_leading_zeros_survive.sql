-- Chapters 01 to 09 exist only while codes are text.
select count(*) as n_products
from {{ ref('dim_product_hs6') }}
where hs6 like '0%' and length(hs6) = 6
having count(*) < 300
