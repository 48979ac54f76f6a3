"""What only the command line can say: DTE990, DTE991 and DTE999."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Span


@dataclass(frozen=True, kw_only=True)
class InternalError(Diagnostic):
    """A defect of dte-rules itself, told without a word of what it was working on.

    Please report it with this line, the version (``dte --version``) and the pack's name. Leave out the case file: it holds
    personal data. Take out facts until the error goes away, or put invented ones in their place, and send that.
    """

    code = "DTE999"
    zh = "内部错误（{kind}，{place}），请反馈此行与 `dte --version` 的输出，勿附个人信息"
    en = "internal error ({kind} at {place}); please report this line with the output of `dte --version`, without personal data"
    kind: str
    place: str

    @classmethod
    def of(cls, error: BaseException, span: Span | None = None) -> InternalError:
        """The diagnostic of an exception: its class and the place, never its message."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "dte_rules" in Path(frame.filename).parts]
        last = own[-1] if own else frames[-1] if frames else None
        place = f"{_module(last.filename)}:{last.lineno}" if last else "?"
        return cls(span=span, kind=type(error).__name__, place=place)


@dataclass(frozen=True, kw_only=True)
class NoPacks(Diagnostic):
    """The folder given with ``--rules`` holds no packs at its top level."""

    code = "DTE990"
    zh = "文件夹 `{directory}` 中没有规则包（*.yaml）"
    en = "there are no packs (*.yaml) in the folder `{directory}`"
    directory: str


@dataclass(frozen=True, kw_only=True)
class FileIsThere(Diagnostic):
    """A file that ``dte init`` would write is there already. Nothing was written.

    Name another folder, move the file away, or name with ``--pack`` only the packs that are not there.
    """

    code = "DTE991"
    zh = "文件 `{path}` 已存在"
    en = "the file `{path}` is there already"
    zh_help = "换一个文件夹，或先移走该文件；没有写入任何内容"
    en_help = "name another folder, or move the file away; nothing was written"
    path: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (NoPacks, FileIsThere, InternalError)


def _module(filename: str) -> str:
    parts = Path(filename).parts
    if "dte_rules" in parts:
        return ".".join((*parts[parts.index("dte_rules") :][:-1], Path(filename).stem))
    return Path(filename).stem
