-- A notice counts once: its weight is split evenly over its distinct hazard classes. Notices whose hazards carry no category have no rows.
with

notices as (
    select * from {{ ref('int_rejections__notices') }}
),

named as (
    select
        rejection_id,
        lower(trim(unnest(hazards).category)) as hazard_category
    from notices
),

classes as (
    select lower(hazard_category) as hazard_category, hazard_group from {{ ref('rasff_hazard_categories') }}
),

aliases as (
    select * from (
        values ('metals', 'heavy metals'), ('biocontaminants', 'biological contaminants'),
        ('genetically modified food or feed', 'genetically modified')
    ) as t (name, hazard_category)
),

placed as (
    select distinct
        named.rejection_id,
        coalesce(classes.hazard_group, 'unknown') as hazard_class
    from named
    left join aliases on named.hazard_category = aliases.name
    left join classes on coalesce(aliases.hazard_category, named.hazard_category) = classes.hazard_category
    where named.hazard_category is not null and named.hazard_category not in ('', 'n/a')
),

final as (
    select
        rejection_id,
        hazard_class,
        1.0 / count(*) over (partition by rejection_id) as weight
    from placed
)

select
    rejection_id,
    hazard_class,
    cast(weight as double) as weight
from final
order by rejection_id, hazard_class
