"""When each rule of a network's question can be decided: the stages, found from what reads what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dte_rules.engine.network_tables import cells
from dte_rules.engine.network_union import atoms, conditional, connective
from dte_rules.feel import core
from dte_rules.program.nodes import Formula, Group, Rule, Table


class Stages:
    """The stages of rules that stand in order.

    ``level`` is the first stage at which our code has the value of a slot. ``told`` is the stage at which the network has been told
    all on which a condition rests, ``chosen`` the same for a table's rows; what it concludes is our code's one stage later.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.level: dict[str, int] = {}
        self.told: dict[str, int] = {}
        self.chosen: dict[str, int] = {}
        for rule in rules:
            self._place(rule)

    def last(self, grants: Iterable[str]) -> int:
        """The last stage at which the network is told anything; whether grants are known is told too."""
        return max([0, *self.told.values(), *self.chosen.values(), *(self.level[name] for name in grants)])

    def value(self, *exprs: core.Expr) -> int:
        """The stage at which our code has all that expressions read."""
        names = (node.name for expr in exprs for node in core.walk(expr) if isinstance(node, core.Ref))
        return max((self.level.get(name, 0) for name in names), default=0)

    def condition(self, expr: core.Expr) -> int:
        """The stage at which the network has been told all the atoms of a condition."""
        return max(self.told[a.name] if isinstance(a, core.Ref) and a.name in self.told else self.value(a) for a in atoms(expr))

    def _place(self, rule: Rule) -> None:
        match rule.body:
            case Formula(core.Ref(name)) if name in self.told and conditional(rule):
                self.told[rule.slot], self.level[rule.slot] = self.told[name], self.level[name]
            case Formula(expr) if conditional(rule):
                self.told[rule.slot] = self.condition(expr)
                self.level[rule.slot] = self.told[rule.slot] + connective(expr)
            case Formula(expr):
                self.level[rule.slot] = self.value(expr)
            case Group(_, members):
                self.told[rule.slot] = max(self.told[member] for member in members)
                self.level[rule.slot] = self.told[rule.slot] + 1
            case Table() as table:
                chosen = max([self.value(*table.inputs), *map(self.condition, cells(table))])
                outputs = [o for row in table.rows for o in row.outputs]
                level = max(chosen + 1, self.value(*outputs, *(table.otherwise or ()), *table.priorities))
                self.chosen[rule.slot] = chosen
                self.level |= dict.fromkeys(table.outputs, level)
