"""What can be wrong with an analysis: codes DTE811 and on; those of files of properties stand in `prove.diagnostics`."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.analysis.prove.diagnostics import DIAGNOSTICS as PROVE
from dte_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class SolverNotInstalled(Diagnostic):
    """A command was asked for that needs the solver z3, and the package `z3-solver` can't be imported.

    Install the extra: ``pip install 'dte-rules[analysis]'``. Deciding cases, testing and checking packs need no solver.
    """

    code = "DTE811"
    zh = "此命令需要求解器 z3，但无法导入：{reason}"
    en = "this command needs the solver z3, which can't be imported: {reason}"
    zh_help = "请运行 `pip install 'dte-rules[analysis]'`"
    en_help = "run `pip install 'dte-rules[analysis]'`"
    reason: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (SolverNotInstalled, *PROVE)
