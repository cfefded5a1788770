{{ wdi_indicator('tertiary_enrolment', '% gross') }}
