{{ io_table_rows('wiod', country_codes_of('wiod')) }}
