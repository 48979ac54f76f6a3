"""``dte ask``: an interview in the terminal that ends with a decision and a case file."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.guard import USAGE
from dte_rules.cli.options import LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.advice.interview import Interview
    from dte_rules.advice.question import Question
    from dte_rules.api import LoadedPack

DONT_KNOW = frozenset(["?", "？", "dk", "don't know", "dont know", "i don't know", "unknown", "不知道", "不清楚", "不详"])
BACK = frozenset(["back", "b", "<", "返回", "上一题"])
_PATH = re.compile(r"`([a-z_]\w*(?:\[\d+\])?(?:\.\w+(?:\[\d+\])?)+)`")
QUIT = frozenset(["quit", "q", "exit", "退出", "结束"])

Region = Annotated[str, typer.Option("--region", metavar="R", help="The pack that answers.")]
DecisionOption = Annotated[str, typer.Option("--decision", metavar="D", help="The decision asked for.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="The day asked about; without it, it is asked for first.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="CASES.yaml", help="Case file to write.")]


def ask(
    context: typer.Context,
    region: Region,
    decision: DecisionOption,
    as_of: AsOf = None,
    out: Out = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Interview a person: ask only what still matters, then decide.

    Answer each question, or say ?, back or quit. Ends with the decision and, with --out, a case file.
    """
    from dte_rules.cli.packs import packs_for, refusal

    language = options.language(context, lang)
    packs = packs_for(options.rules(context, rules), language, as_json=False)
    try:
        pack = packs[region]
        inquiry_problems = list(pack.check_question(decision, {}))
        if inquiry_problems:
            raise DiagnosticsError(inquiry_problems)
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=False) from None
    zh = language == "zh"
    given = _given(as_of, language)
    print(
        "不知道答 ?，改上一题答 back，结束答 quit。" if zh else "Answer ? if you don't know, back to change the last answer, quit to end."
    )
    day = given or _day(language)
    if day is None:
        return
    interview = pack.interview(decision, as_of=day)
    _Talk(interview, pack, language).run()
    if out is not None:
        from dte_rules.cases import write_cases
        from dte_rules.report.writing import write_if_changed

        try:
            write_if_changed(out, write_cases([interview.case(f"{region}-{decision}-{day.isoformat()}")]))
        except OSError as error:
            typer.echo(f"无法写入 {out}：{error.strerror}" if zh else f"can't write {out}: {error.strerror}", err=True)
            raise typer.Exit(USAGE) from None
        print(f"已写入 {out}" if zh else f"written to {out}")


class _Talk:
    """Puts the questions of an interview on the screen."""

    def __init__(self, interview: Interview, pack: LoadedPack, lang: Lang) -> None:
        self.interview, self.pack, self.lang = interview, pack, lang

    def run(self) -> None:
        """Ask until there is nothing left to ask, or the person ends it; then show the decision."""
        while (question := self.interview.next_question()) is not None:
            self._show(question)
            text = _line()
            if text is None or text.lower() in QUIT:
                break
            if text.lower() in BACK:
                if not self.interview.back():
                    self._say("   ! 这是第一题", "   ! this is the first question")
            elif text.lower() in DONT_KNOW:
                self.interview.dont_know()
            else:
                self._take(question, text)
        self._end()

    def _show(self, question: Question) -> None:
        print(f"\n{self.interview.asked + 1}. {question.text(self.lang)}")
        if question.kind == "choice":
            for number, choice in enumerate(question.choices, 1):
                print(f"   {number}) {choice}")
        print(f"   [{question.form(self.lang)}]")

    def _take(self, question: Question, text: str) -> None:
        from dte_rules.advice.question import NoAnswer

        try:
            self.interview.answer(question.read(text))
        except NoAnswer as error:
            print(f"   ! {error.text(self.lang)}")
        except DiagnosticsError as error:
            for diagnostic in error.diagnostics:
                print(f"   ! {self._told(diagnostic.message(self.lang))}")

    def _told(self, message: str) -> str:
        """A message with what facts are called in the place of their paths, which say nothing to who is asked."""

        def label(found: re.Match[str]) -> str:
            try:
                return f"“{self.pack.vocabulary.describe(found[1], self.lang)}”"
            except KeyError:
                return found[0]

        told = _PATH.sub(label, message)
        return told.replace("” 不", "”不").replace("” 应", "”应") if self.lang == "zh" else told

    def _end(self) -> None:
        from dte_rules.cli.screen import console, show
        from dte_rules.report.account import account

        decision = self.interview.decision
        print()
        show(console(), account(decision, self.pack.program, self.pack.vocabulary, lang=self.lang))
        count = self.interview.asked
        self._say(f"共问 {count} 题", f"{count} question{'s' if count != 1 else ''} asked")

    def _say(self, zh: str, en: str) -> None:
        print(zh if self.lang == "zh" else en)


def _line() -> str | None:
    """The next answer; None at the end of the input."""
    print("> ", end="", flush=True)
    text = sys.stdin.readline()
    if not sys.stdin.isatty():
        print()
    return text.strip() if text else None


def _given(text: str | None, lang: Lang) -> date | None:
    """The day given as an option; None where none was."""
    from dte_rules.advice.question import NoAnswer

    if text is None:
        return None
    try:
        found: date = _question_of_day().read(text)
    except NoAnswer as error:
        typer.echo(f"--as-of：{error.text('zh')}" if lang == "zh" else f"--as-of: {error.text('en')}", err=True)
        raise typer.Exit(USAGE) from None
    return found


def _day(lang: Lang) -> date | None:
    """The day asked about, asked for; None where the person ends it."""
    from dte_rules.advice.question import NoAnswer

    question = _question_of_day()
    while True:
        print(f"\n{question.text(lang)}\n   [{question.form(lang)}]")
        answer = _line()
        if answer is None or answer.lower() in QUIT:
            return None
        try:
            found: date = question.read(answer)
        except NoAnswer as error:
            print(f"   ! {error.text(lang)}")
            continue
        return found


def _question_of_day() -> Question:
    from dte_rules.advice.question import Question

    return Question("as_of", "date", "申请（判定）日是哪一天？", "For which day is it asked?")
