-- One row: the release itself. Its identity comes from the environment, derived from content hashes before dbt starts.
with

final as (
    select
        '{{ env_var("ACPGVC_RELEASE_ID", "unreleased") }}' as release_id,
        '{{ env_var("ACPGVC_INPUTS_SHA256", "unreleased") }}' as inputs_sha256,
        '{{ env_var("ACPGVC_CODE_VERSION", "unreleased") }}' as code_version,
        '{{ env_var("ACPGVC_GOALPOST_VERSION", "none") }}' as goalpost_version,
        cast({{ env_var("ACPGVC_RANDOM_SEED", "0") }} as bigint) as random_seed,
        '{{ var("schema_version") }}' as schema_version,
        cast('{{ env_var("ACPGVC_DATA_DATE", "1970-01-01") }}' as date) as data_date,
        '{{ env_var("ACPGVC_PROFILE", "sample") }}' = 'sample' as is_sample
)

select * from final
