"""Inter-country input-output accounts: pure functions from one table to value-added, value-chain and position measures.

Read in this order: `table` (the table and its checks), `system` (the solved Leontief system, one inversion), then one module a
family of measures, `measures` (all of them in one call) and `identities` (what must hold between them).

Notation, as in the literature: G economies (s exporter, r direct importer, t origin, l absorber), GN industries (rows, grouped by
economy; the blocks may differ in length). A column "by partner" belongs to an economy in the order of `IcioTable.economies`.
Levels are million USD, shares are ratios. A share whose denominator is zero is NaN.

The dense products run in the BLAS that numpy and scipy bring. `records.all_records` sets its threads, so that a table gives the same
digits whatever the number of cores; other callers have those of the environment (OPENBLAS_NUM_THREADS and the like, else all cores).
"""
