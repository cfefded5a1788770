-- What the release says first: who climbs, who sells more without climbing, who stays raw, who slips, where rejections pile up.
-- A reading of published tables, no new number. Grade D is never ranked; transit, assembly and partial years claim nothing; where only the value
-- basis exists the reading says so.
WITH
ladder AS (
    SELECT
        m.source, m.iso3, m.chain_id, m.year, m.data_origin, g.dq_grade, coalesce(m.position, m.pos_value) AS position, m.climb_10y, m.climb_10y_agree,
        m.climb_value_10y, m.flags, coalesce(m.x0_kusd, 0) + coalesce(m.x1_kusd, 0) + coalesce(m.x2_kusd, 0) + coalesce(m.x3_kusd, 0) AS export_kusd
    FROM mart_ladder AS m SEMI JOIN v_acp_current AS a USING (iso3)
    INNER JOIN fct_indicator AS g
        ON g.indicator_id = 'ladder_position_value' AND g.scope_kind = 'chain' AND g.scope_id = m.chain_id
        AND g.iso3 = m.iso3 AND g.year = m.year AND g.source = m.source
),
latest AS (
    -- the last full year of a country in a chain, not older than three years before the last that any has
    SELECT *, coalesce(climb_10y, climb_value_10y) AS change, if(climb_10y IS NULL, ' by value, no volume to confirm', '') AS basis
    FROM ladder
    WHERE climb_value_10y IS NOT NULL AND dq_grade <> 'D' AND export_kusd >= 1000
      AND NOT list_has_any(coalesce(flags, []), ['transit', 'assembly', 'partial_year'])
    QUALIFY row_number() OVER (PARTITION BY iso3, chain_id ORDER BY year DESC, source) = 1 AND year >= max(year) OVER () - 3
),
moved AS (
    SELECT latest.*, latest.export_kusd / past.export_kusd AS growth
    FROM latest
    LEFT JOIN ladder AS past
        ON latest.source = past.source AND latest.iso3 = past.iso3 AND latest.chain_id = past.chain_id AND latest.year - 10 = past.year
        AND past.export_kusd >= 1000
),
found AS (
    SELECT 1 AS part, 'climbs' AS finding, iso3, chain_id, year, dq_grade, data_origin, change AS strength,
           printf('%+.2f in 10 years on all bases, now at %.2f of 1', change, position) AS reading
    FROM moved WHERE climb_10y_agree AND change > 0.02
    UNION ALL
    SELECT 2, 'moves up', iso3, chain_id, year, dq_grade, data_origin, change,
           printf('%+.2f in 10 years, now at %.2f of 1:%s', change, position, basis)
    FROM moved WHERE climb_10y IS NULL AND change > 0.02
    UNION ALL
    SELECT 3, 'sells more, does not climb', iso3, chain_id, year, dq_grade, data_origin, growth,
           printf('exports x %.1f in 10 years, position %+.2f%s, now at %.2f of 1', growth, round(change, 2) + 0, basis, position)
    FROM moved WHERE growth >= 1.5 AND change < 0.02
    UNION ALL
    SELECT 4, 'stays raw', iso3, chain_id, year, dq_grade, data_origin, export_kusd,
           printf('at %.2f of 1, %+.2f in 10 years%s, exports of %.0f million USD', position, round(change, 2) + 0, basis, export_kusd / 1000)
    FROM moved WHERE position < 0.1 AND abs(change) < 0.02 AND coalesce(growth, 1) < 1.5
    UNION ALL
    SELECT 5, 'slips', iso3, chain_id, year, dq_grade, data_origin, -change,
           printf('%+.2f in 10 years%s, now at %.2f of 1', change, basis, position)
    FROM moved WHERE change < -0.02 AND (climb_10y IS NULL OR climb_10y_agree) AND coalesce(growth, 1) < 1.5
    UNION ALL
    SELECT 6, 'rejected at the EU border', iso3, split_part(scope_id, ':', 1), year, dq_grade, data_origin, value,
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
