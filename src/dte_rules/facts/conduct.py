"""Events in the life of a training institution: notice, listing, results, breaches, assessments, removal, reports."""

from datetime import date
from typing import Annotated

from dte_rules.facts.kinds import AssessmentResult, BreachKind, CatalogueYear, ReportKind, Share
from dte_rules.vocabulary import KNOWN, FactModel, Implication, Meaning


class Notice(FactModel):
    """The public notice before an institution is listed."""

    __event__ = "posted_on"

    posted_on: Annotated[
        date | None,
        Meaning("公示发布日期", "day of posting", "公示是哪一天发布的？", "On what day was the notice posted?"),
    ] = None
    objection: Annotated[
        bool | None,
        Meaning("公示有异议", "objection raised", "公示期间是否有异议？", "Was an objection raised during the notice?"),
    ] = None


class Listing(FactModel):
    """The institution's being put into the catalogue for an occupation."""

    __event__ = "listed_on"

    occupation: Annotated[
        str | None,
        Meaning("列入职业", "occupation", "就哪个职业列入目录？", "For which occupation was the institution listed?"),
    ] = None
    listed_on: Annotated[
        date | None,
        Meaning("列入日期", "day of listing", "是哪一天列入目录的？", "On what day was the institution listed?"),
    ] = None


class ExamResult(FactModel):
    """How the institution's trainees did in one year of its listing."""

    occupation: Annotated[
        str | None,
        Meaning("考核职业", "occupation", "是哪个职业的考核？", "For which occupation was the exam?"),
    ] = None
    period: Annotated[
        CatalogueYear | None,
        Meaning("目录年度", "year of the listing", "是列入目录后的第几年？", "Which year of the listing is it (1, 2 or 3)?"),
    ] = None
    pass_rate: Annotated[
        Share | None,
        Meaning("考核通过率", "pass rate", "考核通过率是多少（0到1）？", "What was the pass rate (0 to 1)?"),
    ] = None
    national_average: Annotated[
        Share | None,
        Meaning(
            "全国平均通过率",
            "national average",
            "同期全国平均通过率是多少（0到1）？",
            "What was the national average in that year (0 to 1)?",
        ),
    ] = None


class Breach(FactModel):
    """A verified breach of the rules by the institution."""

    __event__ = "verified_on"

    kind: Annotated[
        BreachKind | None,
        Meaning("违规类型", "kind of breach", "属于哪一类违规行为？", "What kind of breach was it?"),
    ] = None
    verified_on: Annotated[
        date | None,
        Meaning("查实日期", "day of verification", "是哪一天查实的？", "On what day was the breach verified?"),
    ] = None


class Assessment(FactModel):
    """An assessment of the institution."""

    __event__ = "assessed_on"

    result: Annotated[
        AssessmentResult | None,
        Meaning("评估结果", "result", "评估结果是什么？", "What was the result of the assessment?"),
    ] = None
    assessed_on: Annotated[
        date | None,
        Meaning("评估日期", "day of assessment", "是哪一天评估的？", "On what day was the institution assessed?"),
    ] = None


class Removal(FactModel):
    """A decision that removed the institution from the catalogue."""

    __event__ = "decided_on"

    decided_on: Annotated[
        date | None,
        Meaning("退出决定日期", "day of the decision", "退出决定是哪一天作出的？", "On what day was the removal decided?"),
    ] = None


class Report(FactModel):
    """A report that the institution has to make; one that was not made stands in the list with ``made: false``."""

    __event__ = "event_on"
    __implications__ = (Implication("reported_on", KNOWN, "made", True),)

    kind: Annotated[
        ReportKind | None,
        Meaning("报送事项", "kind of report", "应报送什么事项？", "What is to be reported?"),
    ] = None
    event_on: Annotated[
        date | None,
        Meaning(
            "事项发生日期", "day of the event", "应报送的事项是哪一天发生的？", "On what day did the event happen that is to be reported?"
        ),
    ] = None
    made: Annotated[
        bool | None,
        Meaning("已报送", "report made", "是否已经报送？", "Has the report been made?", mutable="person"),
    ] = None
    reported_on: Annotated[
        date | None,
        Meaning("报送日期", "day of the report", "是哪一天报送的？", "On what day was the report made?", mutable="person"),
    ] = None
