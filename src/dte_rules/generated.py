"""Functions that are generated: their lines, the constants they use, and the one place where such a text is run.

No text of a pack or of facts gets into the lines: values are constants, which a line names ``k`` and a number. All that a function
may use is in its namespace; there are no builtins in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class Lines:
    """Collects the lines of one function, and the constants that it uses. ``head`` stands before ``lines``."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.head: list[str] = []
        self.constants: dict[str, Any] = {}
        self._numbers: dict[tuple[type, Any], str] = {}
        self._depth = 1
        self._count = 0

    def line(self, text: str) -> None:
        """Adds a line at the current depth."""
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        """A block under an opening line; an empty one gets a pass."""
        self.line(opening)
        before = len(self.lines)
        self._depth += 1
        yield
        if len(self.lines) == before:
            self.line("pass")
        self._depth -= 1

    def fresh(self, prefix: str = "v") -> str:
        """A new name."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: Any) -> str:
        """The name of a constant."""
        try:
            key = (type(value), value)
            if key not in self._numbers:
                self._numbers[key] = f"k{len(self.constants)}"
                self.constants[self._numbers[key]] = value
            return self._numbers[key]
        except TypeError:
            name = f"k{len(self.constants)}"
            self.constants[name] = value
            return name

    def function(self, parameters: str, names: Mapping[str, Any]) -> tuple[Callable[..., Any], str]:
        """The function, and its source. ``names`` is what its lines use besides the constants."""
        source = "\n".join([f"def generated({parameters}):", *self.head, *self.lines]) + "\n"
        namespace: dict[str, Any] = {"__builtins__": {}, **names, **self.constants}
        exec(compile(source, "<generated>", "exec"), namespace)  # noqa: S102 - each name in it is made by this package
        return namespace["generated"], source
