"""JSON Schemas of packs, cases and properties, for editors: completion, explanation and underlining while a file is written."""

from dte_rules.report.schemas.case_file import case_schema
from dte_rules.report.schemas.pack_file import calendar_schema, pack_schema
from dte_rules.report.schemas.properties_file import properties_schema
from dte_rules.report.schemas.simplify import schema_text

__all__ = ["calendar_schema", "case_schema", "pack_schema", "properties_schema", "schema_text"]
