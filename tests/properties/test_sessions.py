"""What must be true of sessions, whatever happens in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from dte_rules import load_packs
from dte_rules.engine.fact_data import plain
from dte_rules.engine.session import Session
from dte_rules.engine.session_changes import Change
from tests.properties.random_facts import Maker
from tests.properties.random_programs import Chooser, Seeded

PACKS = load_packs()
NAMES = ["shanghai", "jinhua"]
MAKERS = {name: Maker(PACKS[name]) for name in NAMES}
FOLLOWED = {
    "shanghai": [
        "institution_exit",
        "institution_reapplication",
        "reporting_duty",
        "training_subsidy",
        "training_admission",
        "continuing_education_hours",
        "online_share",
    ],
    "jinhua": ["training_subsidy", "continuing_education_hours"],
}
"""Some that read the day and some that don't."""
Said = tuple[str, str, Any]
"""An assertion: what is done (``put`` or ``set``), at which path, and the value."""


def opened(name: str, as_of: date, engine: Any = "compiled") -> Session:
    return PACKS[name].session(FOLLOWED[name], as_of=as_of, engine=engine)


def said(name: str, choose: Chooser, as_of: date) -> list[Said]:
    """Random facts, as what is to be said in a session."""
    maker = MAKERS[name]
    session = opened(name, as_of)
    session._store.take_apart(maker.valid(maker.facts(choose, as_of)))
    return [("put" if a.kind == "member" else "set", a.path, a.value) for a in session.assertions.values()]


def say(session: Session, what: Said) -> str | None:
    """The handle; None where it contradicts what was said before."""
    do, path, value = what
    try:
        return session.put(path, value) if do == "put" else session.set(path, value)
    except ValidationError:
        return None


def mixed(items: list[Any], choose: Chooser) -> list[Any]:
    left, found = list(items), []
    while left:
        found.append(left.pop(choose.pick(range(len(left)))))
    return found


def state(session: Session) -> Any:
    """All that can be seen of a session, but for handles and numbers."""
    decisions = {name: session.decision(name) for name in session.decisions}
    return session.as_of, session.facts, decisions, session.deadlines(), session.obligations()


def heard(session: Session) -> list[Change]:
    found: list[Change] = []
    session.on_change(found.append)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_the_same_facts_ends_in_the_same_state(name: str, seed: int) -> None:
    choose = Seeded(seed)
    _, as_of, _ = MAKERS[name].question(choose)
    facts = said(name, choose, as_of)
    one, other = opened(name, as_of), opened(name, as_of, "durable")
    assert None not in [say(one, each) for each in facts]
    for each in mixed(facts, choose):
        say(other, each)
    assert state(one) == state(other)
    for decision in one.decisions:
        assert one.decision(decision) == PACKS[name].decide(decision, one.facts, as_of=as_of)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(8))
def test_a_retraction_equals_never_having_asserted(name: str, seed: int) -> None:
    choose = Seeded(100 + seed)
    _, as_of, _ = MAKERS[name].question(choose)
    facts = said(name, choose, as_of)
    changed = said(name, choose, as_of)
    session, never = opened(name, as_of, choose.pick(["compiled", "durable"])), opened(name, as_of)
    handles = []
    for each in facts:
        if say(session, each) is not None:  # else it contradicts what is taken back later
            say(never, each)
        if choose.pick([True, False]) and changed:
            handles.append(say(session, changed.pop(choose.pick(range(len(changed))))))
    left = mixed([h for h in handles if h is not None], choose)
    while left:  # what is left after a retraction may contradict itself; then another goes first
        left = [handle for handle in left if not tried(session, handle)]
    assert session.facts == never.facts
    assert state(session) == state(never)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(8))
def test_the_engines_agree_step_by_step(name: str, seed: int) -> None:
    """And report the same changes, while facts come and go and days pass."""
    choose = Seeded(200 + seed)
    _, as_of, _ = MAKERS[name].question(choose)
    sessions = [opened(name, as_of, engine) for engine in ("compiled", "durable")]
    reports = [heard(session) for session in sessions]
    handles: list[str] = []
    todo = said(name, choose, as_of) + said(name, choose, as_of)
    for step, each in enumerate(mixed(todo, choose)[:60]):
        made = [say(session, each) for session in sessions]
        assert made[0] == made[1]
        handles += [made[0]] if made[0] is not None else []
        if handles and choose.pick([True, False, False]):
            gone = handles.pop(choose.pick(range(len(handles))))
            results = [tried(session, gone) for session in sessions]
            assert results[0] == results[1]
        if step % 10 == 9:
            to = sessions[0].as_of + timedelta(days=choose.pick([1, 29, 200]))
            assert sessions[0].advance(to) == sessions[1].advance(to)
        assert reports[0] == reports[1]
    assert state(sessions[0]) == state(sessions[1])


def tried(session: Session, handle: str) -> bool:
    """Whether a fact could be taken back: what is left may contradict itself."""
    try:
        session.retract(handle)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(6))
def test_a_restored_session_and_a_replayed_one_go_on_the_same(name: str, seed: int) -> None:
    choose = Seeded(300 + seed)
    _, as_of, _ = MAKERS[name].question(choose)
    engine = choose.pick(["compiled", "durable"])
    session = opened(name, as_of, engine)
    todo = mixed(said(name, choose, as_of), choose)
    half = len(todo) // 2
    handles = [say(session, each) for each in todo[:half]]
    state(session)  # what was asked before is not what is answered then
    session.advance(as_of + timedelta(days=40))
    restored = PACKS[name].restore(json.loads(json.dumps(session.snapshot())))
    replayed = PACKS[name].replay(json.loads(json.dumps(session.log)))
    all_three = [session, restored, replayed]
    reports = [heard(each) for each in all_three]
    for each in all_three:
        for handle in handles[:3]:
            if handle is not None:
                tried(each, handle)
        for what in todo[half:]:
            say(each, what)
        each.advance(as_of + timedelta(days=80))
    assert reports[0] == reports[1] == reports[2]
    assert session.snapshot() == restored.snapshot() == replayed.snapshot()
    assert state(session) == state(restored) == state(replayed)


@pytest.mark.parametrize("seed", range(4))
def test_days_may_pass_in_one_leap_or_one_by_one(seed: int) -> None:
    choose = Seeded(400 + seed)
    _, as_of, _ = MAKERS["shanghai"].question(choose)
    leap, steps = opened("shanghai", as_of), opened("shanghai", as_of)
    for each in said("shanghai", choose, as_of):
        say(leap, each)
        say(steps, each)
    end = as_of + timedelta(days=400)
    state(leap)  # what was asked before is not what is answered then
    changes = leap.advance(end)
    found: list[Change] = []
    while steps.as_of < end:
        found += steps.advance(min(end, steps.as_of + timedelta(days=choose.pick([1, 7, 60]))))
    assert changes == found
    assert [c.as_of for c in changes] == sorted(c.as_of for c in changes)
    assert [c.number for c in changes] == sorted(c.number for c in changes)
    assert state(leap) == state(steps)


def test_what_is_reported_is_what_a_fresh_decision_shows() -> None:
    """The last report of each kind agrees with the decision, asked afresh."""
    choose = Seeded(7)
    as_of = date(2026, 5, 4)
    session = opened("shanghai", as_of)
    found = heard(session)
    for each in said("shanghai", choose, as_of):
        say(session, each)
    session.advance(as_of + timedelta(days=1200))
    for name in session.decisions:
        fresh = PACKS["shanghai"].decide(name, session.facts, as_of=session.as_of)
        verdicts = [c.after for c in found if c.decision == name and c.kind == "verdict"]
        if verdicts:
            assert fresh.verdict == verdicts[-1]
        last = {c.name: c.after for c in found if c.decision == name and c.kind == "date"}
        assert {n: d for n, d in last.items() if d is not None} == {n: d for n, d in fresh.dates.items() if n in last}


def test_values_survive_as_data() -> None:
    """Numbers keep their digits, however they are written."""
    session = opened("shanghai", date(2026, 5, 4))
    handle = session.put("institution.exam_results", {"occupation": "x", "period": 1, "pass_rate": Decimal("0.85000000000000000001")})
    again = PACKS["shanghai"].restore(json.loads(json.dumps(session.snapshot())))
    assert again.facts == session.facts
    assert again.assertions[handle] == session.assertions[handle]
    assert replace(again.assertions[handle], handle="x") != session.assertions[handle]
    assert plain(again.facts) == plain(session.facts)
