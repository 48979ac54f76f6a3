"""The fixed words of a decision letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dte_rules.source.diagnostic import Lang


@dataclass(frozen=True)
class Letter:
    """The words of a letter in one language; what stands in ＿ or [] is filled in by hand."""

    title: str
    authority: str
    about: str
    reference: str
    day: str
    addressee: str
    opening: str
    meaning: Mapping[str, str]
    reasons: str
    clauses: str
    review_heading: str
    review: tuple[tuple[str, ...], tuple[str, ...]]
    """For a decision, and for an answer that is not one yet."""
    review_blank: str
    signature: str
    made: str


_ZH = Letter(
    title="审查结果通知书",
    authority="〔受理机关名称：由受理机关填写〕",
    about="关于“{}”的审查结果通知书",
    reference="编号：",
    day="判定日：",
    addressee="〔申请人姓名或名称：由受理机关填写〕：",
    opening="你（单位）就“{region}”提出的“{question}”事项，经对照现行有效的文件条款审查，结果如下：",
    meaning=MappingProxyType(
        {
            "met": "文件规定的各项条件均已满足。",
            "not_met": "文件规定的条件未全部满足，理由如下。",
            "discretionary": "文件规定的硬性条件已满足，是否给予仍由有权机关依文件决定，理由如下。",
            "undetermined": "现有材料不足以作出结论，或者文件将该事项留待另行规定，尚待查清之处如下。",
        }
    ),
    reasons="理由",
    clauses="所依据的条款",
    review_heading="如有异议",
    review=(
        (
            "对本结果有异议的，可以先向受理机关说明情况、补充材料，申请重新核查；属于行政行为的，还可以依法申请行政复议或者提起行政诉讼。",
            "上列所据文件没有写明由哪一机关受理复议、在多长期限内提出，须由受理机关填写：",
        ),
        (
            "本结果不是最终决定。补充上列事实或材料后，可以重新申请审查。",
            "对程序有异议的，可以向受理机关提出；上列所据文件没有写明受理机关和期限，须由受理机关填写：",
        ),
    ),
    review_blank="受理异议的机关：＿＿＿＿＿＿＿＿　期限：＿＿＿＿＿＿＿＿",
    signature="〔受理机关（盖章）　　年　　月　　日〕",
    made="本通知书由规则引擎依规则包 {pack}（版本 {version}，摘要 {digest}）生成，经办人核对、盖章后生效。",
)
_EN = Letter(
    title="Notice of the result of examination",
    authority="[Name of the authority, to be filled in]",
    about="Result of the examination: {}",
    reference="Reference: ",
    day="As of: ",
    addressee="[Name of the applicant, to be filled in]",
    opening="Your matter “{question}” under “{region}” has been examined against the clauses in force. The result is:",
    meaning=MappingProxyType(
        {
            "met": "Every condition that the documents lay down is met.",
            "not_met": "Not every condition that the documents lay down is met, for the reasons below.",
            "discretionary": "The fixed conditions are met; by the documents an authority still decides, for the reasons below.",
            "undetermined": "What is known does not settle the matter, or the documents leave it to another rule. "
            "What is open stands below.",
        }
    ),
    reasons="Reasons",
    clauses="Clauses relied on",
    review_heading="If you disagree",
    review=(
        (
            "You may first explain and supplement your case to the authority and ask for it to be checked again. Where this is an "
            "administrative act you may also apply for administrative reconsideration or bring an action, as the law provides.",
            "The documents relied on name neither the body that hears such an application nor the time allowed; the authority fills in:",
        ),
        (
            "This is not a final decision. Once the facts above are supplied, the matter can be examined again.",
            "Objections to the procedure go to the authority. The documents relied on name neither body nor time; the authority fills in:",
        ),
    ),
    review_blank="Body: ____________________   Time allowed: ____________________",
    signature="[Authority (seal)          date]",
    made="Made by a rules engine from the pack {pack} (version {version}, digest {digest}); "
    "valid once checked and sealed by the official in charge.",
)

LETTER: Mapping[Lang, Letter] = MappingProxyType({"zh": _ZH, "en": _EN})
