"""Writes `uncovered.json` anew: the kit's cases that are not covered, each with its reason.

Run it as ``python tests/tck/record.py`` after more of FEEL is covered. It refuses to record a case that was covered before.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from tck_harness import run_kit
from test_tck import AGREEING, RECORD


def main() -> int:
    report = run_kit()
    before = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else report.uncovered
    lost = sorted(report.uncovered.keys() - before.keys())
    if lost or report.disagreeing or len(report.agreeing) < AGREEING:
        print("no longer covered:", *lost, sep="\n  ")
        print("disagreeing:", *report.disagreeing.items(), sep="\n  ")
        return 1
    RECORD.write_text(json.dumps(report.uncovered, indent=0, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    print(f"{len(report.agreeing)} agree (AGREEING in test_tck.py says {AGREEING}); not covered:", dict(Counter(report.uncovered.values())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
