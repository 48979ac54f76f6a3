"""The format's models make a JSON Schema, and say what each key is for."""

from __future__ import annotations

import random
from pathlib import Path

from dte_rules.pack.library import Library, shipped_directory
from dte_rules.pack.loader import load_pack
from dte_rules.pack.schema.file import PackFile
from dte_rules.pack.schema.walk import keys_at
from dte_rules.source.diagnostic import DiagnosticsError


def test_json_schema_describes_every_key_in_both_languages() -> None:
    schema = PackFile.model_json_schema()
    for name, model in {"PackFile": schema, **schema["$defs"]}.items():
        for key, field in model["properties"].items():
            zh, _, en = field.get("description", "").partition(" / ")
            assert zh, f"{name}.{key}"
            assert en, f"{name}.{key}"


def test_keys_at_a_place() -> None:
    condition = ("decisions", "d", "requires", "x")
    assert keys_at(PackFile, (*condition, "any", "y")) == ("title", "in_force", "under", "cite", "when", "all", "any", "none")
    assert keys_at(PackFile, ("tables", "t", "rows", 3, "<mapping>")) == ("cells", "id", "cite", "in_force")
    assert keys_at(PackFile, ("terms", "t", "rules", "r"))[-3:] == ("when", "then", "except")
    assert keys_at(PackFile, ("parameters", "p", "values", 0)) == ("from", "to", "value", "cite")
    assert keys_at(PackFile, (*condition, "when")) == ()


def test_no_edit_of_a_pack_ends_in_anything_but_diagnostics() -> None:
    """Lines of the shipped packs are dropped, doubled, shifted and mangled at random; the loader reports or loads, and never breaks."""
    chance = random.Random(20240501)
    directory = shipped_directory()
    paths = [directory / name for name in ("jinhua.yaml", "zhejiang.yaml", "lib/national.yaml", "lib/calendar.yaml")]
    originals = {path: path.read_text(encoding="utf-8").splitlines() for path in paths}
    broken = 0
    for _ in range(300):
        path = chance.choice(paths)
        lines = list(originals[path])
        for _ in range(chance.randint(1, 3)):
            _mangle(lines, chance)
        try:
            load_pack("jinhua", Library(directory, {path: "\n".join(lines)}))
        except DiagnosticsError as error:
            broken += 1
            for problem in error.diagnostics:
                assert problem.span is not None
                assert Path(problem.span.file).suffix == ".yaml"
                assert problem.message("zh")
                assert problem.message("en")
                problem.help("zh")
    assert broken > 200


def _mangle(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    line = lines[at]
    match chance.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, line)
        case 2:
            lines[at] = "  " + line
        case 3:
            lines[at] = line.partition(":")[0] + ":"
        case 4:
            lines[at] = line.partition(":")[0] + ": " + chance.choice(["no", "1", "[1, 2]", "{a: b}", "2024-01-01", "''", "~"])
        case 5:
            cut = chance.randrange(len(line) + 1)
            lines[at] = line[:cut] + line[cut + 1 :]
        case _:
            lines[at] = line.replace("cite", "sight").replace("2024", "2020").replace("_", "-", 1)
