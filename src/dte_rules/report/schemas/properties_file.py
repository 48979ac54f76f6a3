"""The schema of files of properties."""

from __future__ import annotations

from dte_rules.analysis.prove.schema import PropertiesFile
from dte_rules.report.phrases import Pair
from dte_rules.report.schemas.simplify import Schema, simplified

_OUTCOMES: tuple[Pair, ...] = (("成立", "it holds"), ("不成立", "it fails"), ("文件未规定", "the text does not settle it"))


def properties_schema() -> Schema:
    """The schema of a file of properties."""
    schema = simplified(PropertiesFile.model_json_schema())
    schema["title"] = "命题文件 / file of properties"
    schema["description"] = "供 dte prove 证明的命题，用 FEEL 书写 / statements about packs for dte prove, in FEEL"
    schema["definitions"]["PropertyForm"]["properties"]["expect"]["markdownEnumDescriptions"] = [" / ".join(pair) for pair in _OUTCOMES]
    return schema
