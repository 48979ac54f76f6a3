"""Pages of the documentation that are made from packs, models and registries, in Markdown."""




from dte_rules.report.pages.pack import pack_page


__all__ = ["all_diagnostics", "builtins_page", "diagnostics_page", "facts_page", "pack_format_page", "pack_page"]
