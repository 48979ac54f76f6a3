"""Two made-up notices in one file, and the pack that registers them; tests plant faults in either."""

from __future__ import annotations

from pathlib import Path

from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_packs
from dte_rules.pack.model import Pack
from dte_rules.register.notices import read_folder
from dte_rules.register.text import digest_of

CITY = """

# **云川市农机局 文件**

云农机〔2024〕3号

## 关于印发《云川市农机手培训补贴办法》的通知

各县农机局：

现将《云川市农机手培训补贴办法》印发给你们，请遵照执
行。

### **一、补贴对象**

本市年满十六周岁的农机手，符合下列条件之一：

（一）在本市耕作满三年，且上一年度作业不少于
120亩；

(二)取得农机合格证书的毕业生。

已退休人员不在此列。

二、补贴标准

1. **初级。** 每人800元。
2. 中级。每人1,200元，线上学时不超过二分之一。

三、申请期限

自证书核发之日起12个月内提出，公示 5 个

- 7 -

工作日，每年不超过3次。

本办法自 2024 年 5 月 1 日起施行。

附件：1.补贴目录

云川市农机局

2024年3月26日

附件 1

补贴目录

农机手\t学时\t金额
拖拉机手\t80\t2200
收割机手\t64\t2400

注：1. 学时为最低学时；
2. 金额单位为元。
"""
PLAN = """
云川市加快农机人才培养实施方案(2024-2026年)
为加快农机人才培养，制定本方案。
一、总体目标
(一)规模。到2026年培养农机人才1万人以上。
二、重点任务
(二)竞赛。对优秀选手给予奖励。
(注:网站说明)
"""
PACK = """pack: yunchuan
version: "1"
title: {zh: 云川市农机手培训补贴, en: Yunchuan}
sources:
  yc-3: {number: 云农机〔2024〕3号, title: {zh: 云川市农机手培训补贴办法}, in_force: {from: 2024-05-01}}
  yc-plan: {title: {zh: 云川市加快农机人才培养实施方案(2024-2026年)}, in_force: {from: 2024-01-01}}
parameters:
  least_age: {cite: yc-3 一, values: [{value: '@"P16Y"'}]}
  years: {cite: yc-3 一（一）, values: [{value: '@"P36M"'}]}
  area: {cite: yc-3 一（一）, values: [{value: 120}]}
  period: {cite: yc-3 三, values: [{value: '@"P1Y"'}]}
  notice: {cite: yc-3 三, values: [{value: 5}]}
  start: {cite: yc-3 三, values: [{value: 2024-05-01}]}
  plan_end: {cite: yc-plan 标题, values: [{value: 2027-01-01}]}
terms:
  online: {cite: yc-3 二, is: training.hours_online <= training.hours_total * 0.5}
  often: {cite: yc-3 三, is: count(claims) > 3}
  first: {cite: yc-3 二, is: if training.level = "初级" then 800 else 1200}
tables:
  catalogue:
    cite: yc-3 附件1
    inputs: [training.occupation]
    outputs: [hours, amount]
    rows: [[拖拉机手, 80, 2200], [收割机手, 64, 2400]]
targets:
  trained: {cite: yc-plan 一（一）, title: {zh: 农机人才}, value: 10000, at_least: true, through: 2026-12-31}
clauses:
  yc-3:
    digest: CITY_DIGEST
    entries:
      主送: {not_executable: {zh: 受文机关}}
      序: {not_executable: {zh: 目的}}
      一: {parameters: [least_age]}
      一（一）: {parameters: [years, area]}
      一（二）: {not_executable: {zh: 略}}
      二: {rules: [terms.online, terms.first]}
      三: {parameters: [period, notice, start], rules: [terms.often]}
      附件1: {rules: [tables.catalogue]}
  yc-plan:
    digest: PLAN_DIGEST
    entries:
      标题: {parameters: [plan_end]}
      序: {not_executable: {zh: 目的}}
      一（一）: {targets: [trained]}
      二（二）: {delegated: {zh: 奖励办法}}
      注: {not_executable: {zh: 说明}}
"""


def pack_text(city: str = CITY, plan: str = PLAN) -> str:
    """The pack with the digests of the texts."""
    return PACK.replace("CITY_DIGEST", digest_of(city)).replace("PLAN_DIGEST", digest_of(plan))


def written(folder: Path, pack: str, **texts: str) -> tuple[Path, Path]:
    """A folder of packs and one of notices, each by its name."""
    rules, notices = folder / "rules", folder / "notices"
    rules.mkdir()
    notices.mkdir()
    (rules / "yunchuan.yaml").write_text(pack, encoding="utf-8")
    for name, text in texts.items():
        (notices / f"{name}.txt").write_text(text, encoding="utf-8")
    return rules, notices


def loaded(rules: Path) -> list[Pack]:
    """The packs of a folder."""
    return list(load_packs(Library.at(rules)).values())


__all__ = ["CITY", "PLAN", "loaded", "pack_text", "read_folder", "written"]
