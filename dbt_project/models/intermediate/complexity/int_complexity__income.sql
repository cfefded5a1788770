-- PRODY (Hausmann, Hwang & Rodrik 2007, equation 8) over a fixed panel: countries with exports and an observed income in every year of the list that
-- the World Bank's series spans. Poor countries report irregularly; a panel that changes would move PRODY without any change of trade.
with

cells as (
    select * from {{ ref('int_complexity__cells') }}
),

incomes as (
    select iso3, year, value as gdp_per_head_ppp_usd from {{ ref('int_context__series') }}
    where indicator_id = 'gdp_per_capita_ppp'
),

span as (
    select min(year) as first_year, max(year) as last_year from incomes
),

list_years as (
    select distinct cells.source, cells.hs_revision, cells.year
    from cells
    inner join span on cells.year between span.first_year and span.last_year
),

list_counts as (
    select source, hs_revision, count(*) as n_years from list_years
    group by source, hs_revision
),

with_income as (
    select distinct source, hs_revision, year, iso3
    from cells
    inner join incomes using (iso3, year)
),

panel as (
    select with_income.source, with_income.hs_revision, with_income.iso3
    from with_income
    inner join list_counts using (source, hs_revision)
    group by with_income.source, with_income.hs_revision, with_income.iso3
    having count(*) = any_value(list_counts.n_years)
),

shares as (
    select
        cells.source, cells.hs_revision, cells.year, cells.hs4, cells.iso3,
        cells.export_kusd / cells.country_kusd as share,
        incomes.gdp_per_head_ppp_usd
    from cells
    inner join panel using (source, hs_revision, iso3)
    inner join incomes using (iso3, year)
)

select
    source,
    hs_revision,
    year,
    hs4,
    sum(share * gdp_per_head_ppp_usd order by iso3) / sum(share order by iso3) as prody,
    cast(count(*) as integer) as n_panel_incomes
from shares
group by source, hs_revision, year, hs4
