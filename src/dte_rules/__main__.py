"""``python -m dte_rules`` is ``dte``."""

from dte_rules.cli import main

if __name__ == "__main__":
    main()
