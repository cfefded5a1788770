{{ io_table_rows('adb_mrio', country_codes_of('adb')) }}
