-- What the release says first: who climbs, who sells more without climbing, who stays raw, where rejections pile up.
-- A reading of published tables, no new number: grade D is never ranked, and transit, assembly and wide ladders claim no climb.
WITH
climb AS (
    -- the last year with a value, for current members
    SELECT f.iso3, f.scope_id AS chain_id, f.source, f.year, round(f.value, 4) + 0 AS value, f.low, f.high, f.dq_grade, f.data_origin
    FROM fct_indicator AS f SEMI JOIN v_acp_current AS a USING (iso3)
    WHERE f.indicator_id = 'ladder_climb_10y' AND f.scope_kind = 'chain' AND f.value IS NOT NULL AND f.dq_grade <> 'D'
      AND NOT list_has_any(coalesce(f.flags, []), ['transit', 'assembly', 'wide'])
    QUALIFY row_number() OVER (PARTITION BY f.iso3, f.scope_id ORDER BY f.year DESC, f.source) = 1
),
ladder AS (
    SELECT source, iso3, chain_id, year, position, coalesce(x0_kusd, 0) + coalesce(x1_kusd, 0) + coalesce(x2_kusd, 0) + coalesce(x3_kusd, 0) AS export_kusd
    FROM mart_ladder
),
moved AS (
    SELECT climb.*, now.position, now.export_kusd, now.export_kusd / nullif(past.export_kusd, 0) AS growth
    FROM climb
    INNER JOIN ladder AS now ON climb.source = now.source AND climb.iso3 = now.iso3 AND climb.chain_id = now.chain_id AND climb.year = now.year
    LEFT JOIN ladder AS past ON climb.source = past.source AND climb.iso3 = past.iso3 AND climb.chain_id = past.chain_id AND climb.year - 10 = past.year
),
found AS (
    SELECT 1 AS part, 'climbs' AS finding, iso3, chain_id, year, dq_grade, data_origin, low AS strength,
           printf('%+.2f in 10 years (%+.2f to %+.2f), now at %.2f of 1', value, low, high, position) AS reading
    FROM moved WHERE low > 0.02
    UNION ALL
    SELECT 2, 'sells more, does not climb', iso3, chain_id, year, dq_grade, data_origin, growth,
           printf('exports x %.1f in 10 years, position %+.2f, now at %.2f of 1', growth, round(value, 2) + 0, position)
    FROM moved WHERE growth >= 1.5 AND high < 0.02
    UNION ALL
    SELECT 3, 'stays raw', iso3, chain_id, year, dq_grade, data_origin, export_kusd,
           printf('at %.2f of 1, %+.2f in 10 years, exports of %.0f million USD', position, round(value, 2) + 0, export_kusd / 1000)
    FROM moved WHERE position < 0.1 AND abs(value) < 0.02 AND coalesce(growth, 1) < 1.5
    UNION ALL
    SELECT 4, 'slips', iso3, chain_id, year, dq_grade, data_origin, -high,
           printf('%+.2f in 10 years (%+.2f to %+.2f), now at %.2f of 1', value, low, high, position)
    FROM moved WHERE high < -0.02
    UNION ALL
    SELECT 5, 'rejected at the EU border', iso3, split_part(scope_id, ':', 1), year, dq_grade, data_origin, value,
           printf('%.0f rejections in 3 years (%.0f to %.0f)', value, low, high)
    FROM (
        SELECT f.* FROM fct_indicator AS f SEMI JOIN v_acp_current AS a USING (iso3)
        WHERE f.indicator_id = 'rejection_count_3y' AND f.scope_kind = 'chain_market' AND f.scope_id NOT LIKE 'ALL:%' AND f.value > 0 AND f.dq_grade <> 'D'
        QUALIFY row_number() OVER (PARTITION BY f.iso3, f.scope_id ORDER BY f.year DESC, f.source) = 1
    )
)
SELECT finding, c.name_en AS country, coalesce(ch.name, found.chain_id) AS chain, year, reading, dq_grade AS grade,
       CASE WHEN data_origin = 'sample' THEN 'SYNTHETIC' ELSE data_origin END AS data
FROM found
INNER JOIN dim_country AS c USING (iso3)
LEFT JOIN dim_chain AS ch USING (chain_id)
QUALIFY row_number() OVER (PARTITION BY part ORDER BY strength DESC, iso3, chain_id) <= 4
ORDER BY part, strength DESC, country, chain
