"""Takes in registers of clauses, and holds them against the items of a pack: what cites a registered document stands in its register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dte_rules.pack import diagnostics_clauses as told
from dte_rules.pack.diagnostics_law import SilentShadowing
from dte_rules.pack.draft import Draft, Owner
from dte_rules.pack.locators import clause_of, normal_locator
from dte_rules.pack.model import Clause, DecisionItem, Register
from dte_rules.pack.schema.clauses import ClauseSchema, RegisterSchema
from dte_rules.pack.scope import Scope, label
from dte_rules.program.nodes import Citation
from dte_rules.source.document import Path
from dte_rules.source.suggest import nearest

LISTED = ("rules", "soft", "parameters", "interpretations", "open", "targets")
"""The keys of a clause that list items, by the items' names."""


@dataclass(frozen=True, slots=True)
class Listable:
    """Something that a register lists: under which key, by what name, and what it cites."""

    key: str
    name: str
    cites: tuple[Citation, ...]

    def rests_on(self, source: str, locator: str) -> bool:
        """Whether it cites the clause."""
        return any(cite.source == source and clause_of(cite.locator) == locator for cite in self.cites)


def add_registers(draft: Draft, scope: Scope, written: Mapping[str, RegisterSchema]) -> None:
    """Add a file's registers to the draft, and check its citations against all registers in sight."""
    listables = tuple(_listables(draft))
    for source, register in written.items():
        span = scope.place(("clauses", source))
        owner = draft.owners.get(f"clauses.{source}")
        if source not in draft.sources:
            scope.report(told.RegisterOfUnknownSource(span=span, source=source, nearest=nearest(source, draft.sources)))
        elif owner is not None:
            path = f"clauses.{source}"
            scope.report(SilentShadowing(span=span, path=path, target=path, place=str(owner.span)))
        else:
            draft.owners[f"clauses.{source}"] = Owner(scope.pack, span)
            draft.clauses[source] = _register(scope, source, register)
            _check_lists(scope, source, register, listables)
    _check_citations(draft, scope)
    for source in written:
        if source in draft.clauses and draft.clauses[source].pack == scope.pack:
            _check_coverage(scope, draft.clauses[source], listables)


def outcomes(clause: Clause) -> Mapping[str, tuple[str, ...]]:
    """What a clause lists, by key."""
    return {key: getattr(clause, "open_points" if key == "open" else key) for key in LISTED}


def _register(scope: Scope, source: str, written: RegisterSchema) -> Register:
    clauses: dict[str, Clause] = {}
    for name, entry in written.entries.items():
        at: Path = ("clauses", source, "entries", name)
        locator = normal_locator(name)
        if locator in clauses:
            scope.report(told.ClauseTwice(span=scope.place(at), locator=locator))
            continue
        clauses[locator] = clause = _clause(scope, at, locator, entry)
        if clause.delegated is None and clause.not_executable is None and not any(outcomes(clause).values()):
            scope.report(told.ClauseWithoutOutcome(span=scope.place(at), locator=locator))
    return Register(
        source=source,
        pack=scope.pack,
        digest=written.digest,
        digest_span=scope.document.span(("clauses", source, "digest")),
        clauses=clauses,
        span=scope.place(("clauses", source)),
    )


def _clause(scope: Scope, at: Path, locator: str, written: ClauseSchema) -> Clause:
    return Clause(
        locator=locator,
        span=scope.place(at),
        rules=tuple(written.rules),
        soft=tuple(written.soft),
        parameters=tuple(written.parameters),
        interpretations=tuple(written.interpretations),
        open_points=tuple(written.open),
        targets=tuple(written.targets),
        delegated=label(written.delegated),
        not_executable=label(written.not_executable),
        note=label(written.note),
    )


def _listables(draft: Draft) -> Iterator[Listable]:
    """Everything that can stand in a register; a decision by itself is there only for what is within it."""
    for item in draft.items():
        section, _, name = item.path.partition(".")
        if section == "parameters":
            yield Listable("parameters", name, item.cites)
        elif section == "decisions":
            soft = item.path.split(".")[2:3] == ["soft"]
            yield Listable("soft" if soft else "rules", item.path, () if isinstance(item, DecisionItem) else item.cites)
        else:
            yield Listable("rules", item.path, item.cites)
    for table in draft.tables:
        for row in table.rows:
            yield Listable("rules", f"{table.path}.rows.{row.id}", row.cites)
    yield from (Listable("interpretations", name, found.cites) for name, found in draft.interpretations.items())
    yield from (Listable("open", name, found.cites) for name, found in draft.open_points.items())
    yield from (Listable("targets", name, target.cites) for name, target in draft.targets.items())


def _check_lists(scope: Scope, source: str, written: RegisterSchema, listables: tuple[Listable, ...]) -> None:
    """What a register lists is there, and rests on the clause; a group or a decision by anything within it."""
    names = {key: dict.fromkeys(name for each in listables if each.key == key for name in _names(each)) for key in LISTED}
    for entry_name, entry in written.entries.items():
        locator = normal_locator(entry_name)
        for key in LISTED:
            for index, name in enumerate(getattr(entry, key)):
                span = scope.document.span(("clauses", source, "entries", entry_name, key, index))
                if name not in names[key]:
                    elsewhere = next((f"{other}: [{name}]" for other in LISTED if name in names[other]), None)
                    likely = elsewhere or nearest(name, names[key])
                    scope.report(told.NothingOfThatName(span=span, key=key, name=name, nearest=likely))
                    continue
                within = [each for each in listables if _family(each.key) == _family(key) and _within(each.name, name)]
                if not any(each.rests_on(source, locator) for each in within):
                    cites = ", ".join(dict.fromkeys(f"`{cite}`" for each in within for cite in each.cites))
                    scope.report(told.RestsOnOtherClause(span=span, name=name, source=source, locator=locator, cites=cites))


def _names(listable: Listable) -> Iterator[str]:
    """What a register may call an item: its name, and for a part of a nested parameter that of the whole."""
    yield listable.name
    if listable.key == "parameters":
        yield listable.name.partition(".")[0]


def _family(key: str) -> str:
    """Rules and soft conditions have paths in common: a decision stands for both."""
    return "rules" if key == "soft" else key


def _check_citations(draft: Draft, scope: Scope) -> None:
    """Every citation written in the file leads to a clause that is registered, where its document is."""
    for cite in {cite.span: cite for cite in scope.cited}.values():
        register = draft.clauses.get(cite.source)
        locator = clause_of(cite.locator)
        if register is not None and locator and locator not in register.clauses:
            likely = nearest(locator, register.clauses)
            scope.report(told.ClauseNotRegistered(span=cite.span, source=cite.source, locator=locator, nearest=likely))


def _check_coverage(scope: Scope, register: Register, listables: tuple[Listable, ...]) -> None:
    """What the register's own file rests on a clause is listed there, or is part of something that is."""
    told_of: set[tuple[str, str]] = set()
    for each in listables:
        for cite in each.cites:
            locator = clause_of(cite.locator)
            clause = register.clauses.get(locator)
            if cite.source != register.source or clause is None or cite.span is None or cite.span.file != scope.document.file:
                continue
            listed = (*clause.rules, *clause.soft) if _family(each.key) == "rules" else outcomes(clause)[each.key]
            known = (*listed, *(name for at, name in told_of if at == locator))
            if not any(_within(each.name, name) for name in known):
                told_of.add((locator, each.name))
                item = each.name if _family(each.key) == "rules" else f"{each.key}.{each.name}"
                scope.report(
                    told.RuleNotRegistered(span=cite.span, item=item, source=register.source, locator=locator, key=each.key, name=each.name)
                )


def _within(path: str, outer: str) -> bool:
    """Whether a path is another's, or within it."""
    return path == outer or path.startswith(f"{outer}.")
