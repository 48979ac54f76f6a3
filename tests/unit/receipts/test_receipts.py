"""Receipts: canonical, checked, repeated to the same bytes in another process, and with personal data replaced."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dte_rules import LoadedPack, load_packs
from dte_rules.cases import Case, facts_of, read_cases
from dte_rules.receipts import BadReceipt, Key, Receipt, replay
from dte_rules.receipts.canonical import canonical
from dte_rules.receipts.redact import personal_paths

ROOT = Path(__file__).parents[3]
FILE = ROOT / "tests" / "cases" / "subsidy-jinhua.yaml"
PACKS = load_packs()
CASES = [case for case in read_cases(FILE).cases if isinstance(case, Case)]
KEY = Key(bytes(range(40)))


def receipt(case: Case, pack: LoadedPack | None = None, key: Key | None = None, facts: Any = None) -> Receipt:
    pack = pack or PACKS[case.region]
    facts = facts if facts is not None else facts_of(case, pack.Facts, pack.vocabulary)
    made = pack.decide(case.decision, facts, as_of=case.as_of, readings=case.readings)
    return pack.receipt(made, facts, readings=case.readings, case=case.id, key=key)


def test_a_receipt_reads_back_as_itself() -> None:
    for case in CASES[::20]:
        made = receipt(case)
        assert Receipt.read(made.text) == made
        assert "\n" not in made.text
        assert json.loads(made.text)["digest"] == made.digest


def test_any_change_is_found() -> None:
    text = receipt(CASES[0]).text
    for old, new in (("3900", "9900"), ('"met"', '"not_met"'), ("2024-09-02", "2024-09-03"), ("1992-04-10", "1992-04-11")):
        assert old in text
        with pytest.raises(BadReceipt, match="altered"):
            Receipt.read(text.replace(old, new, 1))
    for other in ("", "{", "[]", '{"schema": "other"}', '{"a": 1, "a": 2}'):
        with pytest.raises(BadReceipt):
            Receipt.read(other)


def test_the_same_facts_in_another_order_give_the_same_bytes() -> None:
    case = CASES[0]
    pack = PACKS[case.region]
    turned = pack.Facts.model_validate({name: case.facts[name] for name in reversed(list(case.facts))})
    assert receipt(case, facts=turned).text == receipt(case).text


def test_every_digit_is_kept() -> None:
    case = CASES[0]
    pack = PACKS[case.region]
    facts = pack.Facts.from_json('{"training": {"hours_completed": 128.10000000000000000001}}')  # type: ignore[attr-defined]
    made = receipt(case, facts=facts)
    assert "128.10000000000000000001" in made.text
    assert pack.repeat(Receipt.read(made.text)).text == made.text
    with pytest.raises(TypeError):
        canonical({"x": 0.5})
    assert canonical({"b": Decimal("1.0"), "a": [True, None, date(2024, 1, 2), "是"]}) == '{"a":[true,null,"2024-01-02","是"],"b":1.0}'


def test_a_receipt_replays_to_the_same_bytes_here() -> None:
    for case in CASES[::9]:
        made = receipt(case)
        again = PACKS[case.region].repeat(Receipt.read(made.text))
        assert again.text == made.text
        assert replay(made, PACKS[case.region].repeat).status == "same"


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_a_receipt_replays_to_the_same_bytes_in_another_process(seed: str, tmp_path: Path) -> None:
    chosen = CASES[::15]
    code = (
        "import sys; from dte_rules import load_packs; from dte_rules.receipts import Receipt\n"
        "packs = load_packs()\n"
        "for line in sys.stdin.buffer.read().decode().splitlines():\n"
        "    old = Receipt.read(line); sys.stdout.buffer.write(packs[old.region].repeat(old).text.encode() + b'\\n')\n"
    )
    text = "".join(f"{receipt(case).text}\n" for case in chosen)
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", code], input=text.encode(), capture_output=True, env=environment, check=True, cwd=tmp_path)
    assert done.stdout.decode() == text


# --- another version of the pack ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> LoadedPack:
    """The packs with a shorter period within which to apply, and 130 hours in the place of 128."""
    folder = tmp_path_factory.mktemp("rules")
    shutil.copytree(ROOT / "rules", folder, dirs_exist_ok=True)
    city = folder / "jinhua.yaml"
    city.write_text(city.read_text("utf-8").replace("values: [{value: '@\"P12M\"'}]", "values: [{value: '@\"P2M\"'}]"), "utf-8")
    province = folder / "zhejiang.yaml"
    province.write_text(
        province.read_text("utf-8").replace("[大数据工程技术人员, 中级, 128, 3900]", "[大数据工程技术人员, 中级, 130, 4000]"), "utf-8"
    )
    return load_packs(folder)["jinhua"]


def test_a_newer_pack_is_told_with_what_changed_and_by_which_condition(newer: LoadedPack) -> None:
    found = replay(receipt(CASES[0]), newer.repeat)
    assert found.status == "changed"
    assert found.found
    fields = {each.name: (each.before, each.after) for each in found.fields}
    assert fields["verdict"] == ("met", "not_met")
    assert fields["failed"] == ([], ["hours", "in_time"])
    turned = {each.id.rpartition(".")[2]: each for each in found.conditions}
    assert turned.keys() == {"hours", "in_time"}
    assert (turned["hours"].before, turned["hours"].after) == (True, False)
    assert turned["in_time"].cites == ("jh-2024-15 四",)


def test_a_newer_pack_may_change_nothing(newer: LoadedPack) -> None:
    case = next(
        case
        for case in CASES
        if "in_establishment"
        in PACKS["jinhua"].decide(case.decision, facts_of(case, PACKS["jinhua"].Facts, PACKS["jinhua"].vocabulary), as_of=case.as_of).failed
    )
    found = replay(receipt(case), newer.repeat)
    assert found.status in ("unchanged", "changed")
    assert found.found is (found.status == "changed")


# --- personal data --------------------------------------------------------------------------------------------------


def test_personal_data_is_replaced_by_keyed_digests() -> None:
    case = CASES[0]
    made = receipt(case, key=KEY)
    assert "1992-04-10" not in made.text
    assert set(made.data["facts"]["person"]["birth_date"]) == {"hmac-sha256"}
    assert made.redacted == {"by": "hmac-sha256", "key": KEY.id}
    assert Receipt.read(made.text) == made
    assert "person.birth_date" in personal_paths(PACKS["jinhua"].vocabulary)
    assert "person.identity_number" in personal_paths(PACKS["jinhua"].vocabulary)


def test_what_is_worked_out_from_personal_data_is_replaced_too() -> None:
    plain_one, made = receipt(CASES[0]), receipt(CASES[0], key=KEY)
    assert plain_one.data["result"]["dates"]["retirement_date"] not in made.text
    assert made.data["result"]["dates"]["claim_deadline"] == plain_one.data["result"]["dates"]["claim_deadline"]


def test_a_redacted_receipt_is_repeated_with_the_original_facts_only() -> None:
    case = CASES[0]
    pack = PACKS[case.region]
    made = receipt(case, key=KEY)
    facts = facts_of(case, pack.Facts, pack.vocabulary)
    assert pack.repeat(made, facts=facts, key=KEY).text == made.text
    other = pack.Facts.model_validate({**case.facts, "person": {**case.facts["person"], "birth_date": date(1992, 4, 11)}})
    assert pack.repeat(made, facts=other, key=KEY).data["facts"] != made.data["facts"]
    assert pack.repeat(made, facts=facts, key=Key(bytes(40))).data["facts"] != made.data["facts"]


def test_the_same_birth_date_looks_different_in_another_case() -> None:
    first, second = receipt(CASES[0], key=KEY), receipt(CASES[1], key=KEY)
    assert CASES[0].facts["person"]["birth_date"] == CASES[1].facts["person"]["birth_date"]
    assert first.data["facts"]["person"]["birth_date"] != second.data["facts"]["person"]["birth_date"]


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"secret")
    with pytest.raises(ValueError, match="32 bytes"):
        Key.from_file(path)
    path.write_bytes(bytes(32))
    assert Key.from_file(path).id
    assert "\\x00" not in repr(Key.from_file(path))


# --- what is no receipt ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("question", "what"),
        ("question", {"decision": "d", "as_of": "2024-02-30", "readings": {}}),
        ("pack", {"name": "jinhua"}),
        ("result", {}),
        ("conditions", [1]),
        ("engine", None),
        ("redacted", "yes"),
    ],
)
def test_a_text_with_the_right_digest_can_still_be_no_receipt(part: str, value: object) -> None:
    body = {key: each for key, each in receipt(CASES[0]).data.items() if key != "digest"}
    Receipt.read(Receipt.made(body).text)
    with pytest.raises(BadReceipt, match="no receipt of the form"):
        Receipt.read(Receipt.made({**body, part: value}).text)
