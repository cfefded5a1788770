{{ io_table_rows('eora26', country_codes_of('eora')) }}
