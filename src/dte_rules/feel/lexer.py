"""Splits the text of a FEEL expression into tokens, and reports what no FEEL text can contain.

Where it is plain what was meant (``＝``, ``&&``, Chinese quotes), the symbol is reported and the token goes on as if it had
been typed right, so that the parser finds only what else is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from dte_rules.feel import diagnostics as d
from dte_rules.feel.builtins import MULTI_WORD_NAMES
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet, Span

_RESERVED = "for return if then else some every satisfies in between and or not true false null function instance of"
KEYWORDS = frozenset(_RESERVED.split(" "))

NUMBER, STRING, AT, NAME, END = "number", "string", "at", "name", "end"
"""Kinds of tokens; the kind of a symbol or keyword is its own text."""


class Token(NamedTuple):
    """A piece of the text: its kind, where it stands, and what it says (a number, a text, a name)."""

    kind: str
    start: int
    end: int
    value: Decimal | str


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, the last of kind END; ``certain`` is false where a part could not be made sense of."""

    tokens: tuple[Token, ...]
    diagnostics: tuple[Diagnostic, ...]
    certain: bool


SPACE = "\\s\u200b\ufeff"
_TOKEN = re.compile(
    rf"""
    (?P<space>[{SPACE}]+|//[^\n]*)
  | (?P<comment>/\*)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>[^\W\d]\w*)
  | (?P<text>@?")
  | (?P<foreign>===?|!==|<>|=>|=<|&&?|\|\|?|!(?!=)|%|\^|;|'[^'\n]*'|'|`[^`\n]*`|`)
  | (?P<symbol>\*\*|\.\.|<=|>=|!=|[-+*/=<>()\[\],.:?{{}}])
    """,
    re.VERBOSE,
)

_FOREIGN = {
    "==": "=", "===": "=", "!==": "!=", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "&": "and", "||": "or", "|": "or",
    "^": "**", ";": ",",
}  # fmt: skip

_WIDE = {
    "＝": "=", "＞": ">", "＜": "<", "≥": ">=", "≤": "<=", "≧": ">=", "≦": "<=", "⩾": ">=", "⩽": "<=", "≠": "!=",
    "＋": "+", "－": "-", "−": "-", "–": "-", "—": "-", "×": "*", "＊": "*", "÷": "/", "／": "/",
    "（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]", "〔": "[", "〕": "]", "｛": "{", "｝": "}",
    "，": ",", "、": ",", "；": ",", "：": ":", "。": ".", "．": ".", "？": "?", "…": "..", "～": "..", "＠": "@",
    "∧": "and", "∨": "or",
}  # fmt: skip
_WIDE_PAIRS = {
    "＞＝": ">=",
    "＜＝": "<=",
    "！＝": "!=",
    "＝＝": "=",
    "＆＆": "and",
    "｜｜": "or",
    "＞=": ">=",
    "＜=": "<=",
    "！=": "!=",
    "……": "..",
}
_WIDE_ONE = {"＆": "and", "｜": "or"}
_QUOTES = {"“": "”", "”": "”", "「": "」", "『": "』", "‘": "’", "’": "’", "＂": "＂", "＇": "＇", "«": "»", "„": "“"}
_FULL_DIGITS = re.compile(r"[０-９](?:[０-９．]*[０-９])?")
_FULL_TO_HALF = {ord(f): h for f, h in zip("０１２３４５６７８９．", "0123456789.", strict=True)}

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([uU])|([ntr\"'\\]))")
_TEXT_END = re.compile(r'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"')

MAX_DIGITS = 34
MAX_EXPONENT = 6144


class Locator:
    """Spans of a snippet; like ``snippet.span``, but in logarithmic time however many lines there are."""

    __slots__ = ("_file", "_offsets", "_runs")

    def __init__(self, snippet: Snippet) -> None:
        self._file = snippet.file
        self._runs = snippet.runs
        self._offsets = [run[0] for run in snippet.runs]

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``, at least one character wide."""
        runs = self._runs
        last = end - 1 if end > start else start
        if len(runs) == 1:
            offset, line, column = runs[0]
            return Span(self._file, line, column + start - offset, line, column + last - offset + 1)
        offset, line, column = runs[max(bisect_right(self._offsets, start) - 1, 0)]
        end_offset, end_line, end_column = runs[max(bisect_right(self._offsets, last) - 1, 0)]
        return Span(self._file, line, column + start - offset, end_line, end_column + last - end_offset + 1)


@lru_cache(maxsize=64)
def _special_names(names: frozenset[str]) -> tuple[frozenset[str], re.Pattern[str]]:
    """The first characters of names that aren't single words, and a pattern for the longest of them."""
    special = sorted((n for n in names if not re.fullmatch(r"[^\W\d]\w*", n)), key=len, reverse=True)
    patterns = [rf"[{SPACE}]+".join(re.escape(word) for word in name.split()) for name in special]
    return frozenset(n[0] for n in special), re.compile(rf"(?:{'|'.join(patterns) or '(?!)'})(?!\w)")


def _words_pattern() -> dict[str, re.Pattern[str]]:
    """For each first word of a built-in function of several words: a pattern for the rest, up to the parenthesis."""
    by_first: dict[str, list[str]] = {}
    for name in sorted(MULTI_WORD_NAMES, key=len, reverse=True):
        first, *rest = name.split()
        by_first.setdefault(first, []).append("".join(rf"[{SPACE}]+{word}" for word in rest))
    return {first: re.compile(rf"(?:{'|'.join(rest)})(?=[{SPACE}]*[(（])") for first, rest in by_first.items()}


_FUNCTION_REST = _words_pattern()


class _Lexer:
    def __init__(self, snippet: Snippet, names: Collection[str]) -> None:
        self.text = snippet.text
        self.locator = Locator(snippet)
        self.tokens: list[Token] = []
        self.diagnostics: list[Diagnostic] = []
        self.certain = True
        self.first_characters, self.special = _special_names(frozenset(names))
        self.bad_until = -1  # the end of the last unexpected character: a run of them is reported once

    def run(self) -> Tokens:
        text, tokens, match_token = self.text, self.tokens, _TOKEN.match
        position, length = 0, len(self.text)
        while position < length:
            if text[position] in self.first_characters and (not position or not _is_word(text[position - 1])):
                special = self.special.match(text, position)
                if special:
                    tokens.append(Token(NAME, position, special.end(), " ".join(special.group().split())))
                    position = special.end()
                    continue
            match = match_token(text, position)
            if match is None:
                position = self._other(position)
                continue
            kind, end = match.lastgroup, match.end()
            if kind == "name":
                end = self._name(position, match.group(), end)
            elif kind == "symbol":
                tokens.append(Token(match.group(), position, end, ""))
            elif kind == "number":
                self._number(position, end, match.group())
            elif kind == "text":
                end = self._text(position, end)
            elif kind == "comment":
                end = self._comment(position)
            elif kind == "foreign":
                self._foreign(position, end, match.group())
            position = end
        tokens.append(Token(END, length, length, ""))
        return Tokens(tuple(tokens), tuple(self.diagnostics), self.certain)

    def _name(self, start: int, word: str, end: int) -> int:
        after_dot = bool(self.tokens) and self.tokens[-1].kind == "."
        if not after_dot:
            rest = _FUNCTION_REST.get(word)
            more = rest.match(self.text, end) if rest else None
            if more:
                self.tokens.append(Token(NAME, start, more.end(), " ".join(self.text[start : more.end()].split())))
                return more.end()
        self.tokens.append(Token(word if word in KEYWORDS and not after_dot else NAME, start, end, word))
        return end

    def _number(self, start: int, end: int, text: str) -> None:
        mantissa, _, exponent = text.lower().partition("e")
        digits = mantissa.replace(".", "").lstrip("0")
        value = Decimal(0)
        if len(digits) > MAX_DIGITS or len(exponent) > 6 or abs(int(exponent or 0)) > MAX_EXPONENT:
            self.diagnostics.append(d.NumberOutOfRange(span=self.locator.span(start, end), found=text))
        else:
            value = Decimal(text)
        self.tokens.append(Token(NUMBER, start, end, value))

    def _comment(self, start: int) -> int:
        end = self.text.find("*/", start + 2)
        if end >= 0:
            return end + 2
        self.diagnostics.append(d.UnclosedComment(span=self.locator.span(start, start + 2)))
        self.certain = False
        return len(self.text)

    def _text(self, start: int, after_quote: int) -> int:
        kind = AT if self.text[start] == "@" else STRING
        match = _TEXT_END.match(self.text, after_quote)
        if match:
            self.tokens.append(Token(kind, start, match.end(), self._unescape(after_quote, match.end() - 1)))
            return match.end()
        line_end = self.text.find("\n", after_quote)
        line_end = len(self.text) if line_end < 0 else line_end
        wide = min((i for i in (self.text.find(q, after_quote, line_end) for q in "”“＂") if i >= 0), default=-1)
        if wide >= 0:  # opened by ", closed by ”
            self._wide(wide, wide + 1, '"')
            self.tokens.append(Token(kind, start, wide + 1, self._unescape(after_quote, wide)))
            return wide + 1
        self.diagnostics.append(d.UnclosedText(span=self.locator.span(start, line_end)))
        self.certain = False
        self.tokens.append(Token(kind, start, line_end, self.text[after_quote:line_end]))
        return line_end

    def _unescape(self, start: int, end: int) -> str:
        raw = self.text[start:end]
        if "\\" not in raw:
            return raw

        def character(match: re.Match[str]) -> str:
            four, six, broken, single = match.groups()
            if single:
                return _ESCAPES[single]
            number = int(four or six or "110000", 16)
            if broken or number > 0x10FFFF:
                self.diagnostics.append(
                    d.BadEscape(span=self.locator.span(start + match.start(), start + match.end()), found=match.group())
                )
                return ""
            return chr(number)

        return self._whole_characters(_ESCAPE.sub(character, raw), start, end)

    def _whole_characters(self, text: str, start: int, end: int) -> str:
        """Two escapes that are halves of one character are joined (as in JSON); a half alone is an error."""
        if not any("\ud800" <= c <= "\udfff" for c in text):
            return text
        joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if "\ufffd" in joined and "\ufffd" not in text:
            self.diagnostics.append(d.BadEscape(span=self.locator.span(start, end), found=self.text[start:end]))
        return joined

    def _foreign(self, start: int, end: int, found: str) -> None:
        span = self.locator.span(start, end)
        if found[0] in "'`":
            inside = found[1:-1] if len(found) > 1 else ""
            instead = f'"{inside}"' if inside else '"'
            self.diagnostics.append(d.ForeignOperator(span=span, found=found, instead=instead))
            self.tokens.append(Token(STRING, start, end, inside))
            self.certain = self.certain and len(found) > 1
            return
        if found in ("!", "%"):
            self.diagnostics.append(d.ForeignOperator(span=span, found=found, instead="not(...)" if found == "!" else "modulo(a, b)"))
            self.certain = False
            return
        self.diagnostics.append(d.ForeignOperator(span=span, found=found, instead=_FOREIGN[found]))
        self.tokens.append(Token(_FOREIGN[found], start, end, ""))

    def _wide(self, start: int, end: int, instead: str) -> None:
        self.diagnostics.append(d.FullWidthSymbol(span=self.locator.span(start, end), found=self.text[start:end], instead=instead))

    def _other(self, start: int) -> int:
        """A character that no FEEL token begins with."""
        text, character = self.text, self.text[start]
        if character in _QUOTES:
            return self._wide_text(start, character)
        digits = _FULL_DIGITS.match(text, start)
        if digits:
            half = digits.group().translate(_FULL_TO_HALF)
            self._wide(start, digits.end(), half)
            if half.count(".") < 2:
                self._number(start, digits.end(), half)
            return digits.end()
        pair = text[start : start + 2]
        instead = _WIDE_PAIRS.get(pair)
        width = 2 if instead else 1
        instead = instead or _WIDE.get(character) or _WIDE_ONE.get(character)
        if instead:
            self._wide(start, start + width, instead)
            self.tokens.append(Token(instead, start, start + width, ""))
            self.certain = self.certain and instead != "@"
        elif character == "！":
            self._wide(start, start + 1, "not(...)")
            self.certain = False
        else:
            if self.bad_until != start:
                shown = character if character.isprintable() else f"U+{ord(character):04X}"
                self.diagnostics.append(d.UnexpectedCharacter(span=self.locator.span(start, start + 1), found=shown))
            self.bad_until = start + 1
            self.certain = False
        return start + width

    def _wide_text(self, start: int, opening: str) -> int:
        """A text in Chinese quotes is a text, with both quotes reported."""
        self._wide(start, start + 1, '"')
        line_end = self.text.find("\n", start)
        line_end = len(self.text) if line_end < 0 else line_end
        ends = (self.text.find(q, start + 1, line_end) for q in dict.fromkeys((_QUOTES[opening], '"')))
        end = min((i for i in ends if i >= 0), default=-1)
        if end < 0:
            self.certain = False
            self.diagnostics.append(d.UnclosedText(span=self.locator.span(start, line_end)))
            self.tokens.append(Token(STRING, start, line_end, self.text[start + 1 : line_end]))
            return line_end
        if self.text[end] != '"':
            self._wide(end, end + 1, '"')
        self.tokens.append(Token(STRING, start, end + 1, self.text[start + 1 : end]))
        return end + 1


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def tokenize(snippet: Snippet, names: Collection[str] = ()) -> Tokens:
    """The tokens of a text. ``names`` may hold names of several words (``Monthly Salary``), which then count as one token."""
    return _Lexer(snippet, names).run()
