"""Facts on a training institution: what it is, its application, its listings, its record, its reports."""

from datetime import date
from typing import Annotated

from dte_rules.facts.conduct import Assessment, Breach, ExamResult, Listing, Notice, Removal, Report
from dte_rules.facts.kinds import Amount, Count, CreditCode, InstitutionKind, Level, Region, Year
from dte_rules.vocabulary import FactModel, Meaning


class YearlyPersonTimes(FactModel):
    """How many people the institution trained in one year."""

    year: Annotated[Year | None, Meaning("年份", "year", "是哪一年？", "Which year is it?")] = None
    count: Annotated[
        Count | None,
        Meaning("培训人次", "person-times", "该年培训了多少人次？", "How many person-times were trained in that year?"),
    ] = None


class Application(FactModel):
    """The institution's application form."""

    occupations: Annotated[
        tuple[str, ...] | None,
        Meaning("申报职业", "occupations applied for", "申报了哪些职业？", "For which occupations does it apply?", mutable="person"),
    ] = None
    levels: Annotated[
        tuple[Level, ...] | None,
        Meaning("申报等级", "levels applied for", "申报了哪些等级？", "For which levels does it apply?", mutable="person"),
    ] = None
    received_on: Annotated[
        date | None,
        Meaning("收到日期", "date of receipt", "申报材料是哪一天收到的？", "On what day was the application received?", mutable="person"),
    ] = None
    paper_copies: Annotated[
        Count | None,
        Meaning("纸质材料份数", "paper copies", "提交了几份纸质材料？", "How many paper copies were handed in?", mutable="person"),
    ] = None
    stamped_pdf: Annotated[
        bool | None,
        Meaning("盖章PDF", "stamped PDF", "是否提交了盖章的PDF电子版？", "Was a stamped PDF handed in?", mutable="person"),
    ] = None
    expert_review_passed: Annotated[
        bool | None,
        Meaning("通过专家评审", "passed expert review", "是否通过了专家评审？", "Has the application passed expert review?"),
    ] = None


class Institution(FactModel):
    """The institution that the question is about."""

    name: Annotated[str | None, Meaning("机构名称", "name", "机构叫什么名称？", "What is the institution called?")] = None
    uscc: Annotated[
        CreditCode | None,
        Meaning(
            "统一社会信用代码",
            "unified social credit code",
            "机构的统一社会信用代码是什么？",
            "What is the institution's unified social credit code?",
        ),
    ] = None
    kind: Annotated[
        InstitutionKind | None,
        Meaning("机构类型", "kind of institution", "机构属于哪一类？", "What kind of institution is it?"),
    ] = None
    registered_region: Annotated[
        Region | None,
        Meaning(
            "注册地", "place of registration", "机构在哪里注册（行政区划代码）？", "Where is the institution registered (division code)?"
        ),
    ] = None
    independent_legal_person: Annotated[
        bool | None,
        Meaning(
            "独立法人",
            "independent legal person",
            "机构是否具有独立法人资格？",
            "Is the institution an independent legal person?",
            mutable="person",
        ),
    ] = None
    scope_includes_training: Annotated[
        bool | None,
        Meaning(
            "业务范围含培训",
            "training within its scope of business",
            "机构的业务（经营）范围是否包括培训？",
            "Does the institution's scope of business include training?",
            mutable="person",
        ),
    ] = None
    sound_systems: Annotated[
        bool | None,
        Meaning(
            "管理制度健全", "sound systems", "机构的管理制度是否健全？", "Are the institution's management systems sound?", mutable="person"
        ),
    ] = None
    clean_record: Annotated[
        bool | None,
        Meaning("无不良记录", "clean record", "机构是否没有不良记录？", "Is the institution's record clean?"),
    ] = None
    influential: Annotated[
        bool | None,
        Meaning("行业影响力", "influential", "机构在行业内是否有较大影响力？", "Does the institution have influence in its field?"),
    ] = None
    capable: Annotated[
        bool | None,
        Meaning(
            "具备培训能力",
            "capable",
            "机构是否具备相应的培训能力？",
            "Does the institution have the capacity to give the training?",
            mutable="person",
        ),
    ] = None
    accepts_supervision: Annotated[
        bool | None,
        Meaning(
            "接受监督", "accepts supervision", "机构是否自愿接受监督管理？", "Does the institution accept supervision?", mutable="person"
        ),
    ] = None
    wants_renewal: Annotated[
        bool | None,
        Meaning(
            "愿意续期",
            "wants renewal",
            "机构是否愿意继续列入目录？",
            "Does the institution want to stay in the catalogue?",
            mutable="person",
        ),
    ] = None
    training_experience_years: Annotated[
        Amount | None,
        Meaning(
            "培训工作年限",
            "years of training experience",
            "机构开展培训工作多少年了？",
            "For how many years has the institution given training?",
            mutable="time",
        ),
    ] = None
    yearly_person_times: Annotated[
        tuple[YearlyPersonTimes, ...] | None,
        Meaning(
            "年度培训人次",
            "yearly person-times",
            "机构各年分别培训了多少人次？",
            "How many person-times did the institution train in each year?",
            mutable="time",
        ),
    ] = None
    application: Annotated[
        Application | None,
        Meaning("申报材料", "application", "机构的申报材料情况如何？", "What does the institution's application contain?"),
    ] = None
    notice: Annotated[
        Notice | None,
        Meaning("公示", "public notice", "公示情况如何？", "How does the public notice stand?"),
    ] = None
    listings: Annotated[
        tuple[Listing, ...] | None,
        Meaning("列入目录记录", "listing", "机构有哪些列入目录的记录？", "Which listings does the institution have?"),
    ] = None
    exam_results: Annotated[
        tuple[ExamResult, ...] | None,
        Meaning(
            "考核通过情况", "exam result", "机构学员各期的考核通过情况如何？", "What were the exam results of the institution's trainees?"
        ),
    ] = None
    breaches: Annotated[
        tuple[Breach, ...] | None,
        Meaning("违规记录", "breach", "机构有哪些查实的违规行为？", "Which breaches by the institution have been verified?"),
    ] = None
    assessments: Annotated[
        tuple[Assessment, ...] | None,
        Meaning("评估记录", "assessment", "机构历次评估结果如何？", "How was the institution assessed?"),
    ] = None
    removals: Annotated[
        tuple[Removal, ...] | None,
        Meaning("退出目录记录", "removal", "机构曾在何时被移出目录？", "When was the institution removed from the catalogue?"),
    ] = None
    plan_filed_on: Annotated[
        date | None,
        Meaning(
            "培训计划备案日期",
            "date of filing the plan",
            "培训计划是哪一天备案的？",
            "On what day was the training plan filed?",
            mutable="person",
        ),
    ] = None
    class_consented_on: Annotated[
        date | None,
        Meaning(
            "开班审核备案日期",
            "date of consent to the class",
            "开班是哪一天通过审核备案的？",
            "On what day was the class consented to?",
            mutable="person",
        ),
    ] = None
    reports: Annotated[
        tuple[Report, ...] | None,
        Meaning("报送记录", "report", "机构有哪些应报送的事项？", "Which reports does the institution have to make?", mutable="person"),
    ] = None
