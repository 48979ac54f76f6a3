"""Facts on the applicant: age and retirement, places, employment, insurance, education, an authority's findings."""

from datetime import date
from typing import Annotated

from dte_rules.facts.kinds import EmploymentStatus, IdentityNumber, InsuranceScheme, Region, RetirementTrack, Sex
from dte_rules.vocabulary import FactModel, Implication, Meaning


class Employment(FactModel):
    """The applicant's present employment."""

    status: Annotated[
        EmploymentStatus | None,
        Meaning(
            "就业状态", "employment status", "申请人目前的就业状态是什么？", "What is the applicant's employment status?", mutable="person"
        ),
    ] = None
    region: Annotated[
        Region | None,
        Meaning(
            "就业地",
            "place of work",
            "申请人在哪里就业（行政区划代码）？",
            "Where does the applicant work (division code)?",
            mutable="person",
        ),
    ] = None
    in_establishment: Annotated[
        bool | None,
        Meaning(
            "机关事业单位在编",
            "on the establishment of a public body",
            "申请人是否为机关事业单位在编人员？",
            "Is the applicant on the establishment of a government body or public institution?",
            mutable="person",
        ),
    ] = None
    digital_role: Annotated[
        bool | None,
        Meaning(
            "数字技术岗位在岗",
            "works in digital technology",
            "申请人目前是否在数字技术岗位上工作？",
            "Does the applicant work in a digital technology post at present?",
            mutable="person",
        ),
    ] = None
    intends_digital_role: Annotated[
        bool | None,
        Meaning(
            "拟从事数字技术工作",
            "intends to work in digital technology",
            "申请人是否拟从事数字技术工作？",
            "Does the applicant intend to work in digital technology?",
            mutable="person",
        ),
    ] = None
    professional_technical: Annotated[
        bool | None,
        Meaning(
            "专业技术人员",
            "professional or technical staff",
            "申请人是否为专业技术人员？",
            "Is the applicant professional or technical staff?",
            mutable="person",
        ),
    ] = None
    high_skilled_digital: Annotated[
        bool | None,
        Meaning(
            "在聘数字经济领域高技能人才",
            "employed high-skilled talent in the digital economy",
            "申请人是否为在聘的数字经济领域高技能人才？",
            "Is the applicant employed as high-skilled talent in the digital economy?",
            mutable="person",
        ),
    ] = None


class Insurance(FactModel):
    """One of the applicant's pension insurance records."""

    region: Annotated[
        Region | None,
        Meaning(
            "参保地", "place of insurance", "在哪里参保（行政区划代码）？", "Where is the person insured (division code)?", mutable="person"
        ),
    ] = None
    scheme: Annotated[
        InsuranceScheme | None,
        Meaning("参保类型", "insurance scheme", "以何种身份参保？", "Under which scheme is the person insured?", mutable="person"),
    ] = None
    has_paid: Annotated[
        bool | None,
        Meaning("曾缴费", "has paid contributions", "是否缴纳过保险费？", "Have contributions ever been paid?", mutable="person"),
    ] = None
    paying_now: Annotated[
        bool | None,
        Meaning("正在缴费", "paying contributions now", "目前是否正在缴费？", "Are contributions being paid at present?", mutable="person"),
    ] = None


class Education(FactModel):
    """The applicant's highest or latest education."""

    school_region: Annotated[
        Region | None,
        Meaning(
            "学校所在地",
            "place of the school",
            "毕业（就读）学校在哪里（行政区划代码）？",
            "Where is the applicant's school (division code)?",
        ),
    ] = None
    full_time: Annotated[
        bool | None,
        Meaning("全日制", "full-time", "是否为全日制教育？", "Was the education full-time?"),
    ] = None
    graduation_date: Annotated[
        date | None,
        Meaning("毕业日期", "date of graduation", "申请人的毕业日期是哪一天？", "On what day did, or will, the applicant graduate?"),
    ] = None
    digital_major: Annotated[
        bool | None,
        Meaning("数字技术相关专业", "digital major", "所学专业是否与数字技术相关？", "Is the applicant's major in a digital field?"),
    ] = None
    meets_occupational_standard: Annotated[
        bool | None,
        Meaning(
            "符合职业标准申报条件",
            "meets the occupational standard",
            "申请人是否符合国家职业标准规定的申报条件？",
            "Does the applicant meet the entry conditions of the national occupational standard?",
            mutable="person",
        ),
    ] = None


class TitleReview(FactModel):
    """An authority's findings on professional titles, under the rules of the region that is asked."""

    meets_conditions: Annotated[
        bool | None,
        Meaning(
            "符合职称评审条件",
            "meets the conditions for the title",
            "申请人是否符合相应职称的评审条件？",
            "Does the applicant meet the conditions for the corresponding title?",
        ),
    ] = None
    within_scope: Annotated[
        bool | None,
        Meaning(
            "属于评审范围",
            "within the scope of review",
            "申请人是否属于职称评审范围？",
            "Is the applicant within the scope of title review?",
        ),
    ] = None
    exam_replaces_review: Annotated[
        bool | None,
        Meaning(
            "以考代评专业",
            "examination replaces review",
            "该专业是否实行以考代评？",
            "Does an examination replace review in this specialty?",
        ),
    ] = None
    held: Annotated[
        tuple[str, ...] | None,
        Meaning("已有职称", "titles held", "申请人已取得哪些职称？", "Which titles does the applicant hold?"),
    ] = None


class Person(FactModel):
    """The applicant."""

    __implications__ = (
        Implication("sex", "男", "retirement_track", "男职工"),
        Implication("retirement_track", "男职工", "sex", "男"),
    )

    birth_date: Annotated[
        date | None,
        Meaning("出生日期", "date of birth", "申请人的出生日期是哪一天？", "What is the applicant's date of birth?", personal=True),
    ] = None
    sex: Annotated[Sex | None, Meaning("性别", "sex", "申请人的性别是什么？", "What is the applicant's sex?")] = None
    retirement_track: Annotated[
        RetirementTrack | None,
        Meaning(
            "退休类别",
            "retirement track",
            "申请人按哪一类人员办理退休？",
            "Under which track does the applicant retire (men, female cadres, female workers)?",
        ),
    ] = None
    identity_number: Annotated[
        IdentityNumber | None,
        Meaning(
            "公民身份号码", "identity number", "申请人的公民身份号码是多少？", "What is the applicant's identity number?", personal=True
        ),
    ] = None
    hukou: Annotated[
        Region | None,
        Meaning(
            "户籍地",
            "household registration",
            "申请人的户籍在哪里（行政区划代码）？",
            "Where is the applicant's household registered (division code)?",
            mutable="person",
        ),
    ] = None
    residence: Annotated[
        Region | None,
        Meaning(
            "常住地",
            "place of residence",
            "申请人常住哪里（行政区划代码）？",
            "Where does the applicant live (division code)?",
            mutable="person",
        ),
    ] = None
    employment: Annotated[
        Employment | None,
        Meaning("就业情况", "employment", "申请人目前的就业情况如何？", "What is the applicant's employment?"),
    ] = None
    receives_pension: Annotated[
        bool | None,
        Meaning("领取养老金", "receives a pension", "申请人是否已领取养老金？", "Does the applicant receive a pension?"),
    ] = None
    insurance: Annotated[
        tuple[Insurance, ...] | None,
        Meaning(
            "参保记录", "insurance record", "申请人有哪些参保记录？", "Which insurance records does the applicant have?", mutable="person"
        ),
    ] = None
    education: Annotated[
        Education | None,
        Meaning("学历情况", "education", "申请人的学历情况如何？", "What is the applicant's education?"),
    ] = None
    title_review: Annotated[
        TitleReview | None,
        Meaning(
            "职称评审认定",
            "findings on titles",
            "主管部门对申请人职称评审的认定如何？",
            "What has the authority found on the applicant's title review?",
        ),
    ] = None
