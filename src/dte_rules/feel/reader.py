"""The parser's hold on the tokens, and how it reports what can't be read."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from dte_rules.feel import diagnostics as d
from dte_rules.feel import words
from dte_rules.feel.lexer import AT, END, NAME, NUMBER, STRING, Locator, Token, tokenize
from dte_rules.feel.words import Words, either, quoted
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.span import Snippet, Span

MAX_DEPTH = 80
"""How deep the tree may be. The depth of recursion in everything behind the parser rests on it."""

BEGINS_VALUE = frozenset(
    (NAME, NUMBER, STRING, AT, "?", "(", "[", "{", "not", "true", "false", "null", "instance", "function", "if", "for")
)

WORDS_BETWEEN = {
    "且": "and", "并且": "and", "而且": "and", "和": "and", "并": "and", "与": "and", "及": "and", "同时": "and",
    "或": "or", "或者": "or", "等于": "=", "是": "=", "为": "=", "不等于": "!=", "不是": "!=", "大于": ">", "超过": ">",
    "小于": "<", "低于": "<", "大于等于": ">=", "不小于": ">=", "不低于": ">=", "不少于": ">=", "小于等于": "<=", "不大于": "<=",
    "不超过": "<=", "属于": "in", "加": "+", "减": "-", "乘": "*", "乘以": "*", "除以": "/", "那么": "then", "则": "then",
    "否则": "else", "AND": "and", "And": "and", "OR": "or", "Or": "or", "IN": "in", "In": "in", "BETWEEN": "between",
    "THEN": "then", "ELSE": "else", "is": "=", "equals": "=",
}  # fmt: skip
"""Words that people write where FEEL has an operator; behind a value they can be nothing else."""

_GLUED = ("并且", "而且", "或者", "且", "或")
"""Those that are recognised though the next word follows without a space."""

WORDS_BEFORE = {
    "非": "not(...)",
    "不": "not(...)",
    "不是": "not(...)",
    "NOT": "not(...)",
    "Not": "not(...)",
    "如果": "if",
    "若": "if",
    "IF": "if",
}
"""Words that people write where FEEL has ``not`` or ``if``, directly before a value."""


class Stop(Exception):
    """The parse can't go on."""


class Reader:
    """The tokens of a text, a place among them, and what has been found wrong so far."""

    def __init__(self, snippet: Snippet, names: Collection[str]) -> None:
        lexed = tokenize(snippet, names)
        self.tokens = lexed.tokens
        self.certain = lexed.certain
        self.diagnostics: list[Diagnostic] = list(lexed.diagnostics)
        self.lexical = len(self.diagnostics)
        self.locate = Locator(snippet).span
        self.text = snippet.text
        self.position = 0
        self.token = self.tokens[0]
        self.repaired = -1  # the place at which a missing value was reported last
        self.in_endpoint = False  # whether a [ may be the end of an interval
        self.depth = 0  # how many expressions are being read, one within the other
        self.height = 0  # the height of the highest tree read within the present expression

    # --- tokens -----------------------------------------------------------------------------------------------------

    def advance(self) -> Token:
        token = self.token
        if token.kind != END:
            self.position += 1
            self.token = self.tokens[self.position]
        return token

    def peek(self, ahead: int = 1) -> str:
        place = self.position + ahead
        return self.tokens[place].kind if place < len(self.tokens) else END

    def span_of(self, token: Token) -> Span:
        return self.locate(token.start, token.end)

    def since(self, start: int) -> Span:
        """The span from an offset to the end of the last token read."""
        return self.locate(start, self.tokens[self.position - 1].end)

    def shown(self, token: Token) -> Words:
        return words.END if token.kind == END else quoted(self.text[token.start : token.end])

    # --- errors -----------------------------------------------------------------------------------------------------

    def stop(self, diagnostic: Diagnostic) -> NoReturn:
        if self.repaired != self.position:  # else it would be a second report of one mistake
            self.diagnostics.append(diagnostic)
        raise Stop

    def unexpected(self, expected: Words) -> NoReturn:
        """The present token can't stand here."""
        token = self.token
        if token.kind in (")", "]", "}"):
            self.stop(d.StrayBracket(span=self.span_of(token), found=token.kind))
        self.word_for_operator()
        self.stop(d.UnexpectedToken(span=self.span_of(token), expected=expected, found=self.shown(token)))

    def word_for_operator(self) -> None:
        token = self.token
        if token.kind != NAME or not isinstance(token.value, str):
            return
        word = token.value
        if word not in WORDS_BETWEEN:  # 16且person.age: the word is not set apart
            word = next((w for w in _GLUED if word.startswith(w)), "")
        if word:
            self.stop(d.WordOperator(span=self.locate(token.start, token.start + len(word)), found=word, instead=WORDS_BETWEEN[word]))

    def misplaced(self, expected: Words) -> NoReturn:
        """A value has ended, and the present token can't follow it."""
        token = self.token
        if token.kind == "instance":
            self.not_supported(token, " `instance of`", "`instance of` is")
        self.word_for_operator()
        if token.kind in BEGINS_VALUE:
            left = self.tokens[self.position - 1]
            self.stop(d.MissingOperator(span=self.span_of(token), left=self.shown(left), right=self.shown(token)))
        self.unexpected(expected)

    def not_supported(self, token: Token, zh: str, en: str) -> NoReturn:
        self.stop(d.NotSupported(span=self.span_of(token), what=Words(zh, en)))

    def expect(self, kind: str) -> Token:
        if self.token.kind != kind:
            self.unexpected(quoted(kind))
        return self.advance()

    def close(self, opening: Token, kind: str) -> None:
        """Reads the bracket that closes ``opening``."""
        if self.token.kind == kind:
            self.advance()
        elif self.token.kind in (END, ")", "]", "}"):
            self.stop(d.UnclosedBracket(span=self.span_of(opening), found=opening.kind, instead=kind))
        else:
            self.misplaced(either(",", kind))

    def grow(self) -> None:
        """A node is built upon what was read within the present expression."""
        self.height += 1
        if self.height > MAX_DEPTH:
            self.too_deep()

    def too_deep(self) -> NoReturn:
        self.stop(d.TooDeep(span=self.span_of(self.token), limit=MAX_DEPTH))

    def failed(self) -> DiagnosticsError:
        """Everything that was found.

        Where the tokens themselves are in doubt, no errors of syntax; and nothing behind a part that isn't supported.
        """
        found = self.diagnostics if self.certain else self.diagnostics[: self.lexical]
        found = sorted(found, key=_place)
        for position, diagnostic in enumerate(found):
            if isinstance(diagnostic, d.NotSupported):
                del found[position + 1 :]
                break
        return DiagnosticsError(found)


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    return (diagnostic.span.line, diagnostic.span.column) if diagnostic.span else (0, 0)
