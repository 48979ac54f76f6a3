"""Takes the items of one file into the draft: nothing that is there already is replaced in silence."""

from __future__ import annotations

from collections.abc import Iterable

from dte_rules.pack import diagnostics_law as law
from dte_rules.pack.calendars import add_calendar
from dte_rules.pack.clauses import add_registers
from dte_rules.pack.conditions import build_decision
from dte_rules.pack.diagnostics_form import MissingKey
from dte_rules.pack.draft import Draft, Owner, parts_of
from dte_rules.pack.items import (
    build_fact,
    build_function,
    build_interpretation,
    build_open_point,
    build_source,
    build_table,
    build_target,
    build_term,
)
from dte_rules.pack.overrides import apply_overrides
from dte_rules.pack.parameters import build_parameters
from dte_rules.pack.reading import FileRead
from dte_rules.pack.schema.decisions import DecisionSchema
from dte_rules.pack.schema.file import PackFile
from dte_rules.pack.scope import Scope
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Path
from dte_rules.source.span import Span

# sections whose ids are names in FEEL; calls are told apart by their brackets, so functions have names of their own
_NAMES = ("parameters", "interpretations", "open", "terms", "tables")


def take_in(draft: Draft, file: FileRead[PackFile], content: PackFile) -> list[Diagnostic]:
    """Add a file's items to what its pack inherits; the result is all that is wrong with them."""
    scope = Scope(file.document, file.data, content.pack, draft.sources, draft.interpretations)
    inherited = dict(draft.owners)
    taker = _Taker(draft, scope, content, inherited)
    taker.sources_and_readings()
    apply_overrides(draft, scope, content.overrides, frozenset(inherited))
    taker.items()
    taker.decisions()
    add_calendar(draft, scope, content.calendar)
    add_registers(draft, scope, content.clauses)
    return scope.diagnostics


class _Taker:
    def __init__(self, draft: Draft, scope: Scope, content: PackFile, inherited: dict[str, Owner]) -> None:
        self.draft = draft
        self.scope = scope
        self.content = content
        self.inherited = inherited

    def sources_and_readings(self) -> None:
        """What all other items refer to."""
        draft, scope, content = self.draft, self.scope, self.content
        for name, source in content.sources.items():
            if self._claim(("sources", name)):
                draft.sources[name] = build_source(scope, ("sources", name), name, source)
        for name, interpretation in content.interpretations.items():
            if self._claim(("interpretations", name)):
                draft.interpretations[name] = build_interpretation(scope, ("interpretations", name), name, interpretation)

    def items(self) -> None:
        """What stands by itself, in the order of the format."""
        draft, scope, content = self.draft, self.scope, self.content
        for path, fact in content.facts.items():
            if self._claim(("facts", path)):
                draft.facts[path] = build_fact(scope, ("facts", path), path, fact, scope.data["facts"][path])
        for name, parameter in content.parameters.items():
            if self._claim(("parameters", name)):
                draft.parameters += (built := build_parameters(scope, ("parameters", name), f"parameters.{name}", parameter))
                self._own((item.path, item.span) for item in built)
        for name, point in content.open.items():
            if self._claim(("open", name)):
                draft.open_points[name] = build_open_point(scope, ("open", name), name, point)
                draft.open_types |= {name: point.type} if point.type else {}
        for name, function in content.functions.items():
            if self._claim(("functions", name)):
                draft.functions += (build_function(scope, ("functions", name), f"functions.{name}", function),)
        for name, term in content.terms.items():
            if self._claim(("terms", name)):
                draft.terms += (made := build_term(scope, ("terms", name), f"terms.{name}", term),)
                self._own((rule.path, rule.span) for rule in made.rules)
        for name, target in content.targets.items():
            if self._claim(("targets", name)):
                draft.targets[name] = build_target(scope, ("targets", name), name, target)
        for name, table in content.tables.items():
            if self._claim(("tables", name)):
                draft.tables += (build_table(scope, ("tables", name), f"tables.{name}", table),)

    def decisions(self) -> None:
        """New decisions, and what is added to those inherited."""
        for name, decision in self.content.decisions.items():
            at: Path = ("decisions", name)
            path = f"decisions.{name}"
            if path in self.inherited:
                self._check_additions(at, path, decision)
            elif decision.title is None:
                self.scope.report(MissingKey(span=self.scope.place(at), key="title"))
            built = build_decision(self.scope, at, path, decision)
            taken = {part.path for part in parts_of(built) if part.path in self.inherited}
            for shadow in (part for part in parts_of(built) if part.path in taken):
                if not any(shadow.path.startswith(f"{outer}.") for outer in taken):
                    self._report_shadow(shadow.path, shadow.path, shadow.span)
            if not taken:
                self.draft.add_decision(built)
                self._own((part.path, part.span) for part in parts_of(built))
                self.draft.owners.setdefault(path, Owner(self.content.pack, built.span))

    def _check_additions(self, at: Path, path: str, decision: DecisionSchema) -> None:
        """A decision's title and modality are inherited with it."""
        for key in ("title", "modality"):
            if getattr(decision, key) is not None:
                self._report_shadow(f"{path}.{key}", path, self.scope.document.key_span((*at, key)), owner=path)

    def _claim(self, at: tuple[str, str]) -> bool:
        """Whether a name is free in its section and in FEEL; if not, that is reported."""
        section, name = at
        path = f"{section}.{name}"
        span = self.scope.place(at)
        if path in self.draft.owners:
            self._report_shadow(path, path, span)
            return False
        for other in _NAMES if section in _NAMES else ():
            owner = self.draft.owners.get(f"{other}.{name}")
            if owner is not None:
                self.scope.report(law.NameClash(span=span, name=name, path=f"{other}.{name}", place=str(owner.span)))
                return False
        self.draft.owners[path] = Owner(self.content.pack, span)
        return True

    def _report_shadow(self, path: str, target: str, span: Span, owner: str | None = None) -> None:
        place = str(self.draft.owners[owner or path].span)
        self.scope.report(law.SilentShadowing(span=span, path=path, target=target, place=place))

    def _own(self, placed: Iterable[tuple[str, Span]]) -> None:
        for path, span in placed:
            self.draft.owners.setdefault(path, Owner(self.content.pack, span))
