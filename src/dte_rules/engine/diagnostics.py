"""What can be wrong with an engine: codes DTE701 and on."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError


@dataclass(frozen=True, kw_only=True)
class DurableNotInstalled(Diagnostic):
    """The engine ``durable`` was asked for, but the package `durable-rules`, on which it rests, can't be imported.

    Install the extra: ``pip install 'dte-rules[durable]'``. The package comes as source, so a C compiler is needed; on Python 3.13
    it must be built with ``CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject``. The default engine needs neither.
    """

    code = "DTE701"
    zh = "引擎 `durable` 需要 durable-rules，但无法导入：{reason}"
    en = "the engine `durable` needs durable-rules, which can't be imported: {reason}"
    zh_help = (
        "请运行 `pip install 'dte-rules[durable]'`（需要 C 编译器；Python 3.13 须加 "
        "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject），或用默认引擎"
    )
    en_help = (
        "run `pip install 'dte-rules[durable]'` (it needs a C compiler; on Python 3.13 also "
        "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject), or use the default engine"
    )
    reason: str


@dataclass(frozen=True, kw_only=True)
class NetworkTooLarge(Diagnostic):
    """A question makes a network of more rules than durable-rules can be trusted with.

    Past its limits the C core is slow, takes hundreds of megabytes, or stops the process. The default engine has no such limits.
    """

    code = "DTE702"
    zh = "问题 `{decision}` 的网络有 {count} 个{what_zh}，超过 durable-rules 的上限 {limit}"
    en = "the network of the question `{decision}` has {count} {what}, more than the limit of {limit} for durable-rules"
    zh_help = "请用默认引擎"
    en_help = "use the default engine"
    decision: str
    count: int
    limit: int
    what: str
    what_zh: str


class DurableMissing(DiagnosticsError, ImportError):
    """Raised where the engine ``durable`` is asked for without durable-rules."""

    def __str__(self) -> str:
        return "\n".join(f"{d.code} {d.message()}; {d.help()}" for d in self.diagnostics)


class DurableLimit(DiagnosticsError):
    """Raised where a question is too large for durable-rules."""


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (DurableNotInstalled, NetworkTooLarge)
