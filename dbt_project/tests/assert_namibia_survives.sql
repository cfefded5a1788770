-- Namibia's ISO2 code is the text NA: a reader that takes it for a missing value loses the country.
select count(*) as n_rows
from {{ ref('dim_country') }}
where iso3 = 'NAM' and iso2 = 'NA'
having count(*) <> 1
