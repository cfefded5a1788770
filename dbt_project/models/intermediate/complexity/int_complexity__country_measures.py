from indicators.complexity_lists import country_measures


def model(dbt, session):
    dbt.config(materialized="yearly_parquet", meta={"key": ["year", "list_no", "country_no"]})
    cells = dbt.ref("int_complexity__cells").select("list_no, country_no, product_no, export_kusd, is_reference")
    return country_measures(**cells.fetchnumpy())
