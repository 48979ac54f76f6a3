"""What mutation found, for the terminal and for programs."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dte_rules.analysis.mutation import Mutation, Result, Score
from dte_rules.analysis.mutation_killers import Killers
from dte_rules.cases import plain_case, write_cases
from dte_rules.source.diagnostic import Lang


def mutation_text(mutation: Mutation, title: str, killers: Killers, lang: Lang) -> RenderableType:
    """The score by clause, and every survivor with a case that would notice it."""
    zh = lang == "zh"
    heading = (
        f"{title}：{len(mutation.results)} 个变异，{mutation.cases} 个案例"
        if zh
        else (f"{title}: {len(mutation.results)} mutants, {mutation.cases} cases")
    )
    parts: list[RenderableType] = [Text(heading, style="bold"), _by_clause(mutation, lang)]
    if mutation.failing:
        names = ", ".join(mutation.failing[:10])
        parts.append(Text(f"未参与（本身就不符）：{names}" if zh else f"left out, for they fail as it is: {names}", style="yellow"))
    survivors = mutation.of("survived")
    if survivors:
        untold = sum(result.untold is not None for result in survivors)
        told = f"存活 {len(survivors)} 个" if zh else f"{len(survivors)} survived"
        if untold:
            told += (
                f"（其中 {untold} 个未能判断有无差异，按存活计）"
                if zh
                else f" ({untold} of them could not be told, and count as survivors)"
            )
        parts += [Text(), Text(told, style="bold red")]
        for result in survivors:
            number = result.mutant.number
            case, by = killers.cases.get(number), killers.noticed_by.get(number)
            known = f"（案例 {by} 可发现）" if zh else f" (the case {by} notices it)"
            parts.append(Text(line_of(result, lang) + (known if by and case is None else "") + untold_text(result, lang)))
            if case is not None:
                parts.append(Text(_indented(write_cases([case]).removeprefix("cases:\n")), style="dim"))
    same = mutation.of("equivalent")
    if same:
        told = f"等价 {len(same)} 个，不计入得分" if zh else f"{len(same)} equivalent, left out of the score"
        parts += [Text(), Text(told, style="bold"), Text(proof_words(lang), style="dim")]
        parts += [Text(line_of(result, lang), style="dim") for result in same]
    return Group(*parts)


def untold_text(result: Result, lang: Lang) -> str:
    """Why it could not be told whether a survivor changes anything; empty where it could."""
    zh = lang == "zh"
    match result.untold:
        case None:
            return ""
        case "time":
            return "（求解器未能在时限内判断）" if zh else " (the solver could not tell in time)"
        case "not installed":
            return "（未安装求解器，无法判断：dte-rules[analysis]）" if zh else " (not told without the solver: dte-rules[analysis])"
        case reason:
            return f"（求解器未分析：{reason}）" if zh else f" (the solver did not analyse {reason})"


def proof_words(lang: Lang) -> str:
    """Within which horizon it is proved that nobody is decided differently."""
    from dte_rules.analysis.diff import FIRST, LAST
    from dte_rules.analysis.space import Horizon

    words = Horizon("partial").words(lang)
    if lang == "zh":
        return f"求解器已证明：{FIRST.year}–{LAST.year}年任一日，所改规则所依口径的各种组合、其他口径逐一，没有人判定不同。范围：{words}"
    return (
        f"Proved by the solver: on any day {FIRST.year}–{LAST.year}, under all readings together that the changed rules ask for "
        f"and each other reading by itself, nobody is decided differently. Horizon: {words}"
    )


def line_of(result: Result, lang: Lang) -> str:
    """A mutant in one line: where, what, how it was changed."""
    mutant = result.mutant
    return f"#{mutant.number} {mutant.span or ''} {mutant.slot}{'：' if lang == 'zh' else ': '}{mutant.words(lang)}"


def _by_clause(mutation: Mutation, lang: Lang) -> Table:
    zh = lang == "zh"
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    names = ("条款", "发现", "存活", "等价", "未运行", "得分") if zh else ("Clause", "Killed", "Survived", "Equivalent", "Not run", "Score")
    table.add_column(names[0], overflow="fold", ratio=1)
    for name in names[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    for clause, score in mutation.by_clause.items():
        table.add_row(Text(clause), *_cells(score))
    table.add_section()
    table.add_row(Text("合计" if zh else "Total", style="bold"), *_cells(mutation.score))
    return table


def _cells(score: Score) -> tuple[Text, ...]:
    counts = (score.killed, score.survived, score.equivalent, score.not_run)
    return (*(Text(str(count)) for count in counts), Text(percent(score), style="" if not score.survived else "yellow"))


def percent(score: Score) -> str:
    """The score, rounded down so that 100 % means all."""
    share = score.share
    return "-" if share is None else f"{int(share * 1000) / 10:.1f} %"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip("\n").split("\n"))


def mutation_data(mutation: Mutation, killers: Killers) -> dict[str, Any]:
    """What mutation found as plain data."""
    return {
        "region": mutation.region,
        "decisions": list(mutation.decisions),
        "cases": mutation.cases,
        "failing": list(mutation.failing),
        "score": score_data(mutation.score),
        "horizon": proof_words("en") if mutation.of("equivalent") else None,
        "clauses": {clause: score_data(score) for clause, score in mutation.by_clause.items()},
        "mutants": [_result_data(result, killers) for result in mutation.results],
    }


def score_data(score: Score) -> dict[str, Any]:
    """A score as plain data."""
    share = None if score.share is None else f"{score.share:.4f}"
    counts = {"killed": score.killed, "survived": score.survived, "equivalent": score.equivalent, "not_run": score.not_run}
    return counts | {"score": share}


def _result_data(result: Result, killers: Killers) -> dict[str, Any]:
    mutant = result.mutant
    found: dict[str, Any] = {
        "number": mutant.number,
        "fate": result.fate,
        "operator": mutant.operator,
        "slot": mutant.slot,
        "place": None if mutant.span is None else str(mutant.span),
        "clauses": list(mutant.clauses),
        "zh": mutant.zh,
        "en": mutant.en,
        "killed_by": result.killer,
        "untold": result.untold,
    }
    case = killers.cases.get(mutant.number)
    if mutant.number in killers.noticed_by:
        found["noticed_by"] = killers.noticed_by[mutant.number]
    return found | ({"case": plain_case(case)} if case is not None else {})
