"""The registry of the pack's diagnostics is complete and each has a page."""

from __future__ import annotations

import inspect

from dte_rules.pack import diagnostics_clauses, diagnostics_form, diagnostics_law
from dte_rules.pack.diagnostics import DIAGNOSTICS
from dte_rules.source.diagnostic import Diagnostic


def test_codes_are_unique_and_in_order() -> None:
    codes = [kind.code for kind in DIAGNOSTICS]
    assert codes == sorted(set(codes))
    assert all("DTE300" < code < "DTE400" for code in codes)


def test_all_classes_are_registered() -> None:
    defined = {
        kind
        for module in (diagnostics_form, diagnostics_law, diagnostics_clauses)
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, Diagnostic) and kind.code
    }
    assert defined == set(DIAGNOSTICS)


def test_each_has_a_page_and_both_languages() -> None:
    for kind in DIAGNOSTICS:
        page = inspect.getdoc(kind) or ""
        assert "\n\n" in page, f"{kind.__name__}: a page has a first line and what to do"
        assert kind.zh, kind.__name__
        assert kind.en, kind.__name__
        assert bool(kind.zh_help) == bool(kind.en_help)
