"""The JSON Schema of environments.toml, for editors and for `envcheck schema config`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic.json_schema import GenerateJsonSchema

from envcheck.config.file_model import File

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

SCHEMA_ID: Final = "urn:envcheck:config:1"


class _WithoutNull(GenerateJsonSchema):
    """TOML has no null, so a key that may be left out is no `null`, and has no default to show."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default", ...) is None:
            del made["default"]
        return made


def file_schema() -> dict[str, object]:
    """Give the schema (draft 2020-12) of the file as TOML parses it."""
    made = File.model_json_schema(schema_generator=_WithoutNull)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": SCHEMA_ID,
        **made,
        "title": "environments.toml",
    }
