"""Words for the names that the contract fixes and packs use without a title of their own. Data: nothing is decided by it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dte_rules.report.phrases import Pair

DEADLINES = ("claim_deadline", "report_due", "notice_ends")
"""The dates that are shown beside the verdict, the first that is known."""

DATES: Mapping[str, Pair] = MappingProxyType(
    {
        "claim_deadline": ("申请截止日", "last day to apply"),
        "notice_ends": ("公示结束日", "end of the public notice"),
        "earliest_listing": ("最早列入日", "earliest day of listing"),
        "valid_until": ("有效期至", "valid until"),
        "banned_until": ("禁止期至", "barred until"),
        "first_allowed": ("最早可申请日", "first day allowed"),
        "report_due": ("报送截止日", "report due"),
        "retirement_date": ("法定退休日", "statutory retirement day"),
    }
)

EFFECTS: Mapping[str, Pair] = MappingProxyType(
    {
        "appointment_by_employer": ("由用人单位直接聘任", "appointment by the employer"),
        "recognition_by_committee": ("由评审委员会认定", "recognition by a committee"),
        "direct_recognition": ("直接认定", "direct recognition"),
        "recognition_by_authority": ("由主管部门认定", "recognition by the authority"),
        "direct_review_application": ("可直接申报评审", "direct application for review"),
        "achievement_evidence": ("作为业绩依据", "evidence of achievement"),
        "review_reference": ("作为评审参考", "a reference in review"),
        "continued": ("继续列入目录", "stays in the catalogue"),
        "priority": ("优先续列", "priority"),
        "removal": ("退出目录", "removal from the catalogue"),
    }
)

VALUES: Mapping[str, Pair] = MappingProxyType({"credited_year": ("计入年度", "credited to the year"), "title": ("职称", "title")})
