"""The numbers that a Chinese text has, in all the forms that notices use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dte_rules.feel.values import Months
from dte_rules.register.numerals import quantities, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十六", 16), ("二十", 20), ("一百二十", 120), ("一百零八", 108), ("三千五百", 3500), ("两", 2), ("十", 10), ("二〇二四", 2024),
        ("一万二千", 12000), ("十四", 14), ("九十九", 99), ("37", 37), ("无", 0),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("补贴3300元", Decimal(3300)),
        ("补贴3,300元", Decimal(3300)),
        ("补贴１５００元", Decimal(1500)),
        ("1万人以上", Decimal(10000)),
        ("1.5万元", Decimal(15000)),
        ("每人三次", Decimal(3)),
        ("不超过总学时的1/2", Decimal("0.5")),
        ("不超过二分之一", Decimal("0.5")),
        ("不低于50%", Decimal("0.5")),
        ("百分之五", Decimal("0.05")),
        ("不超过一半", Decimal("0.5")),
        ("未满十六周岁", Months(192)),
        ("自核发之日起12个月内", Months(12)),
        ("一年内", Months(12)),
        ("每年", Months(12)),
        ("半年内", Months(6)),
        ("有效期限为 3 年", Months(36)),
        ("每季度末", Months(3)),
        ("应在 30 日内", timedelta(days=30)),
        ("公示5个工作日", timedelta(days=5)),
        ("公示5个工作日", Decimal(5)),
        ("于2026年4月3日前", date(2026, 4, 3)),
        ("自 2024 年 5 月 1 日起施行", date(2024, 5, 1)),
        ("2024年起，每年5月1日前", date(2024, 5, 1)),
        ("实施方案(2024-2026年)", date(2027, 1, 1)),
        ("到2030年末", date(2030, 12, 31)),
        ("大数据\t128\t3300", Decimal(128)),
    ],
)
def test_a_text_has(text: str, value: object) -> None:
    assert quantities(text).has(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("补贴3300元", Decimal(330)),
        ("大数据\t128\t3300", Decimal(1283300)),
        ("注册资金（万元）", Decimal(10000)),
        ("12个月内", Months(13)),
        ("有效期限为3年", Months(3)),
        ("30日内", timedelta(days=3)),
        ("2026年4月3日前", date(2026, 4, 2)),
        ("2026年4月3日前", date(2025, 4, 3)),
        ("2026年13月40日", date(2026, 1, 1)),
        ("2026年4月3日前", Decimal(3)),
        ("2026年4月3日前", Months(4)),
        ("2026年起", Months(2026 * 12)),
        ("没有数字", Decimal(0)),
    ],
)
def test_a_text_has_not(text: str, value: object) -> None:
    assert not quantities(text).has(value)
