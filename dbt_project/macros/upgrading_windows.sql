{# Changes between two windows, with the error that the mirror gap lets one expect, and the Kaplinsky-Readman class.
   Windows: the last `upgrading_window_years` years to t, and the same number of years ending `upgrading_change_years` before. #}

{# Years from the first year of the first window to the last of the last one: what a model looks back to. #}
{% macro upgrading_years_back() -%}
    {{ return((var('upgrading_change_years') | int) + (var('upgrading_window_years') | int) - 1) }}
{%- endmacro %}

{# A year of `column` lies in one of the two windows of the year t. #}
{% macro in_upgrading_windows(column, t) -%}
    ({{ column }} between {{ t }} - {{ upgrading_years_back() }} and {{ t }} - {{ var('upgrading_change_years') }}
        or {{ column }} between {{ t }} - {{ (var('upgrading_window_years') | int) - 1 }} and {{ t }})
{%- endmacro %}

{# Mean over the years of one window, in a query that groups the years `year_column` by t: null when a year has no row, and the same bytes in any
   order of rows. `when_absent` stands in for a year without a row. #}
{% macro window_mean(expression, year_column, t, is_last, when_absent='null') -%}
    {%- set first = 0 if is_last else (var('upgrading_change_years') | int) -%}
    {%- set years = var('upgrading_window_years') | int -%}
    (
        {%- for k in range(first, first + years) -%}
        coalesce(max({{ expression }}) filter (where {{ year_column }} = {{ t }} - {{ k }}), {{ when_absent }}) + {% endfor %}0
    ) / {{ years }}
{%- endmacro %}

{# Annual log change between the two windows. #}
{% macro annual_log_change(first, last) -%}
    (ln({{ last }}) - ln({{ first }})) / {{ var('upgrading_change_years') }}
{%- endmacro %}

{# Standard error of a lognormal report (indicator rules, section 8): the mirror gap between floor and cap, the default where no gap is shown. #}
{% macro report_sd(gap, floor) -%}
    least(greatest(coalesce({{ gap }}, {{ var('report_sd_default') }}), {{ var(floor) }}), {{ var('report_sd_cap') }})
{%- endmacro %}

{# Standard error of an annual log change, from the mean yearly variances of both windows: years are independent, errors within a year are not. #}
{% macro change_sd(first_variance, last_variance) -%}
    sqrt(({{ first_variance }} + {{ last_variance }}) / {{ var('upgrading_window_years') }}) / {{ var('upgrading_change_years') }}
{%- endmacro %}

{# Probability that a change has the sign that it shows: Phi(|z|), Abramowitz & Stegun 26.2.17, error below 7.5e-8. #}
{% macro sign_probability(change, sd) -%}
    {%- set z = '(abs(' ~ change ~ ') / ' ~ sd ~ ')' -%}
    {%- set k = '(1 / (1 + 0.2316419 * ' ~ z ~ '))' -%}
    (1 - exp(-{{ z }} * {{ z }} / 2) / sqrt(2 * pi()) * {{ k }} * (0.319381530 + {{ k }} * (-0.356563782 + {{ k }} * (1.781477937
        + {{ k }} * (-1.821255978 + {{ k }} * 1.330274429)))))
{%- endmacro %}

{# Kaplinsky & Readman (2005): sign of the change of the world share, then of the relative unit value. Neutral where the interval of one holds 0. #}
{% macro kr_quadrant(share_change, share_sd, ruv_change, ruv_sd) -%}
    case
        when {{ share_change }} is null or {{ ruv_change }} is null then null
        when abs({{ share_change }}) <= {{ var('kr_interval_z') }} * {{ share_sd }} or abs({{ ruv_change }}) <= {{ var('kr_interval_z') }} * {{ ruv_sd }}
            then 'neutral'
        else case when {{ share_change }} > 0 then 'up_' else 'down_' end || case when {{ ruv_change }} > 0 then 'up' else 'down' end
    end
{%- endmacro %}

{# Probability that both signs are as shown: errors of a share and of a price are taken as independent. #}
{% macro kr_confidence(share_change, share_sd, ruv_change, ruv_sd) -%}
    {{ sign_probability(share_change, share_sd) }} * {{ sign_probability(ruv_change, ruv_sd) }}
{%- endmacro %}
