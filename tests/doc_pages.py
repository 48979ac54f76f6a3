"""Runs the examples of documentation pages in an empty folder, and compares what they print with what the page says.

Fenced blocks that are run, in their order:

- ``yaml title="rules/x.yaml"`` writes the file; with ``append`` behind the title, the text goes to its end;
- ``diff title="rules/x.yaml"`` replaces the lines that begin with ``-`` by those that begin with ``+``;
- ``console`` runs each line that begins with ``$``; what stands below it is its output;
- ``python`` runs in one namespace for the page; a ``text`` block right behind it is what it prints.

Other blocks are for reading alone. ``python -m tests.doc_pages PAGE...`` writes the outputs into the pages.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FENCE = re.compile(r"^```(?P<kind>[a-z]+)(?P<rest>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass
class PageRun:
    """A page while it runs: ``text`` is the page with the outputs that were seen in the place of those it says."""

    folder: Path
    lang: str
    text: str = ""
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)

    def block(self, kind: str, rest: str, body: str) -> str:
        """Run a block; its body as it should read."""
        title = _TITLE.search(rest)
        if kind == "console":
            return self.console(body)
        if title is not None and kind == "diff":
            self.replace(self.folder / title[1], body)
        elif title is not None:
            self.write(self.folder / title[1], body, append="append" in rest)
        return body

    def console(self, body: str) -> str:
        """Run the commands of a block."""
        shown = []
        for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE):
            if not part.strip():
                continue
            command, _, expected = part.partition("\n")
            actual = self.shell(command.removeprefix("$ "))
            if actual.strip("\n") != expected.strip("\n"):
                self.differences.append((command, expected, actual))
            shown.append(f"{command}\n{actual.strip(chr(10))}\n" if actual.strip() else f"{command}\n")
        return "\n".join(shown) if len(shown) > 1 and any(part.count("\n") > 1 for part in shown) else "".join(shown)

    def shell(self, command: str) -> str:
        """What a command prints, errors too."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {"PATH": path, "DTE_LANG": self.lang, "HOME": str(self.folder), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(["bash", "-c", f"{command} 2>&1"], cwd=self.folder, env=environment, capture_output=True, check=False)
        return done.stdout.decode("utf-8")

    def python(self, body: str) -> str:
        """What a block of Python prints."""
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(compile(body, "<page>", "exec"), self.names)  # noqa: S102 - the pages are ours
        return printed.getvalue()

    def replace(self, path: Path, body: str) -> None:
        """Replace the lines of a diff; they must stand in the file exactly once."""
        old = "".join(f"{line[1:]}\n" for line in body.splitlines() if line.startswith("-"))
        new = "".join(f"{line[1:]}\n" for line in body.splitlines() if line.startswith("+"))
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path.name}: these lines stand {text.count(old)} times in the file:\n{old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, path: Path, body: str, *, append: bool) -> None:
        """Write a file, or add to its end."""
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if append else ""
        path.write_text(before + body, encoding="utf-8")


def run_page(page: Path, folder: Path) -> PageRun:
    """Run a page's examples in a folder."""
    run = PageRun(folder, "zh" if page.name.endswith(".zh-CN.md") else "en")
    run.text = "".join(_pieces(run, page.read_text(encoding="utf-8")))
    return run


def _pieces(run: PageRun, text: str) -> Iterator[str]:
    done = 0
    printed: str | None = None
    for found in _FENCE.finditer(text):
        between = text[done : found.start()]
        kind, rest, body = found["kind"], found["rest"], found["body"]
        yield between
        if kind == "python":
            printed = run.python(body)
        elif kind == "text" and printed is not None and not between.strip():
            if printed != body:
                run.differences.append(("python", body, printed))
            body, printed = printed, None
        else:
            body, printed = run.block(kind, rest, body), None
        yield f"```{kind}{rest}\n{body}```"
        done = found.end()
    yield text[done:]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            written = run_page(page, Path(folder)).text
        page.write_text(written, encoding="utf-8")
