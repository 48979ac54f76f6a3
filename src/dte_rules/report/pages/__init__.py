"""Pages of the documentation that are made from packs, models and registries, in Markdown."""

from dte_rules.report.pages.builtins import builtins_page
from dte_rules.report.pages.diagnostics import all_diagnostics, diagnostics_page
from dte_rules.report.pages.facts import facts_page
from dte_rules.report.pages.pack import pack_page
from dte_rules.report.pages.pack_format import pack_format_page

__all__ = ["all_diagnostics", "builtins_page", "diagnostics_page", "facts_page", "pack_format_page", "pack_page"]
