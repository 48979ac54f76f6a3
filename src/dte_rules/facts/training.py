"""Facts on what the applicant did: the training, certificates, earlier subsidies, contests."""

from datetime import date
from typing import Annotated

from dte_rules.facts.kinds import Amount, CertificateKind, ContestKind, CreditCode, Level, Region, Route
from dte_rules.vocabulary import FactModel, Implication, Meaning


class TrainingInstitution(FactModel):
    """The institution at which the training took place."""

    __implications__ = (Implication("listed", True, "listed_any", True),)

    name: Annotated[
        str | None,
        Meaning("培训机构名称", "institution's name", "培训机构叫什么名称？", "What is the training institution called?"),
    ] = None
    uscc: Annotated[
        CreditCode | None,
        Meaning(
            "培训机构统一社会信用代码",
            "institution's credit code",
            "培训机构的统一社会信用代码是什么？",
            "What is the training institution's unified social credit code?",
        ),
    ] = None
    region: Annotated[
        Region | None,
        Meaning(
            "培训机构所在地",
            "institution's place",
            "培训机构在哪里（行政区划代码）？",
            "Where is the training institution (division code)?",
        ),
    ] = None
    listed: Annotated[
        bool | None,
        Meaning(
            "本职业已列入目录",
            "listed for the occupation",
            "培训开始时，该机构是否已就本职业列入培训机构目录？",
            "Was the institution in the catalogue for this occupation when the training began?",
        ),
    ] = None
    listed_any: Annotated[
        bool | None,
        Meaning(
            "任一职业已列入目录",
            "listed for any occupation",
            "培训开始时，该机构是否已就任一职业列入培训机构目录？",
            "Was the institution in the catalogue for any occupation when the training began?",
        ),
    ] = None


class Training(FactModel):
    """The training that the question is about."""

    programme_region: Annotated[
        Region | None,
        Meaning(
            "培育项目所属地区",
            "programme's region",
            "培训属于哪个地区的培育项目（行政区划代码）？",
            "Which region's programme does the training belong to (division code)?",
        ),
    ] = None
    institution: Annotated[
        TrainingInstitution | None,
        Meaning("培训机构", "training institution", "培训由哪个机构举办？", "Which institution gives the training?"),
    ] = None
    occupation: Annotated[
        str | None,
        Meaning("培训职业", "occupation", "培训针对哪个职业？", "For which occupation is the training?"),
    ] = None
    level: Annotated[
        Level | None,
        Meaning("培训等级", "level", "培训针对哪个等级？", "For which level is the training?"),
    ] = None
    direction: Annotated[
        str | None,
        Meaning("职业方向", "direction", "培训针对哪个职业方向？", "For which direction of the occupation is the training?"),
    ] = None
    route: Annotated[
        Route | None,
        Meaning("培训途径", "route", "培训是社会培训还是校企合作？", "Is it public training or school-enterprise cooperation?"),
    ] = None
    started: Annotated[
        date | None,
        Meaning("开始日期", "first day", "培训是哪一天开始的？", "On what day did the training begin?"),
    ] = None
    ended: Annotated[
        date | None,
        Meaning("结束日期", "last day", "培训是哪一天结束的？", "On what day did the training end?"),
    ] = None
    hours_completed: Annotated[
        Amount | None,
        Meaning("已完成学时", "hours completed", "学员完成了多少学时？", "How many hours has the trainee completed?", mutable="person"),
    ] = None
    hours_online: Annotated[
        Amount | None,
        Meaning("线上学时", "hours online", "其中线上培训多少学时？", "How many of the hours were online?", mutable="person"),
    ] = None
    hours_total: Annotated[
        Amount | None,
        Meaning("总学时", "total hours", "培训总共多少学时？", "How many hours does the training have in all?"),
    ] = None
    content_completed: Annotated[
        bool | None,
        Meaning(
            "完成规定内容",
            "content completed",
            "学员是否完成了规定的培训内容？",
            "Has the trainee completed the prescribed content?",
            mutable="person",
        ),
    ] = None
    assessment_passed: Annotated[
        bool | None,
        Meaning("考核合格", "assessment passed", "学员考核是否合格？", "Has the trainee passed the assessment?", mutable="person"),
    ] = None
    in_city_project_catalogue: Annotated[
        bool | None,
        Meaning(
            "列入市级项目目录",
            "in the city's project catalogue",
            "该培训项目是否列入市级培训项目目录？",
            "Is the training in the city's catalogue of projects?",
        ),
    ] = None


class Certificate(FactModel):
    """A certificate that the applicant holds."""

    __event__ = "issued"

    kind: Annotated[
        CertificateKind | None,
        Meaning("证书类型", "kind of certificate", "这是哪一类证书？", "What kind of certificate is it?"),
    ] = None
    occupation: Annotated[
        str | None,
        Meaning("证书职业", "occupation", "证书属于哪个职业？", "For which occupation is the certificate?"),
    ] = None
    level: Annotated[
        Level | None,
        Meaning("证书等级", "level", "证书是哪个等级？", "Of which level is the certificate?"),
    ] = None
    issued: Annotated[
        date | None,
        Meaning("发证日期", "date of issue", "证书是哪一天核发的？", "On what day was the certificate issued?"),
    ] = None
    programme_region: Annotated[
        Region | None,
        Meaning(
            "证书所属项目地区",
            "programme's region",
            "证书属于哪个地区的培育项目（行政区划代码）？",
            "Which region's programme does the certificate belong to (division code)?",
        ),
    ] = None
    on_recognition_list: Annotated[
        bool | None,
        Meaning("列入认可清单", "on the recognition list", "该证书是否列入认可清单？", "Is the certificate on the recognition list?"),
    ] = None
    in_shortage_catalogue: Annotated[
        bool | None,
        Meaning(
            "列入紧缺目录", "in the shortage catalogue", "该证书是否列入紧缺职业目录？", "Is the certificate in the catalogue of shortages?"
        ),
    ] = None


class Claim(FactModel):
    """A subsidy of this programme that the applicant has had before."""

    __event__ = "applied_on"

    occupation: Annotated[
        str | None,
        Meaning("补贴职业", "occupation", "该次补贴针对哪个职业？", "For which occupation was that subsidy?"),
    ] = None
    level: Annotated[
        Level | None,
        Meaning("补贴等级", "level", "该次补贴针对哪个等级？", "For which level was that subsidy?"),
    ] = None
    direction: Annotated[
        str | None,
        Meaning("补贴职业方向", "direction", "该次补贴针对哪个职业方向？", "For which direction of the occupation was that subsidy?"),
    ] = None
    applied_on: Annotated[
        date | None,
        Meaning("申领日期", "date of application", "该次补贴是哪一天申领的？", "On what day was that subsidy applied for?"),
    ] = None
    certificate_issued: Annotated[
        date | None,
        Meaning(
            "所依据证书的发证日期",
            "date of its certificate",
            "该次补贴所依据的证书是哪一天核发的？",
            "On what day was the certificate issued on which that subsidy rested?",
        ),
    ] = None
    region: Annotated[
        Region | None,
        Meaning(
            "申领地", "place of application", "该次补贴在哪里申领（行政区划代码）？", "Where was that subsidy applied for (division code)?"
        ),
    ] = None


class Contest(FactModel):
    """A contest in which the applicant did well."""

    kind: Annotated[
        ContestKind | None,
        Meaning("竞赛类型", "kind of contest", "这是哪一类竞赛？", "What kind of contest was it?"),
    ] = None
    outstanding: Annotated[
        bool | None,
        Meaning("成绩突出", "outstanding result", "申请人在该竞赛中成绩是否突出？", "Was the applicant's result outstanding?"),
    ] = None
    exceptional: Annotated[
        bool | None,
        Meaning("成绩特别突出", "exceptional result", "申请人在该竞赛中成绩是否特别突出？", "Was the applicant's result exceptional?"),
    ] = None
