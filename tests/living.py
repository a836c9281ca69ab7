"""The invented county with one small record of each kind that is published over time."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from evidence import pdf
from support import copy_data

#: A day on which everything below is public.
AS_OF = date(2030, 2, 1)

LIVING = {
    "assignments.yml": """\
- id: a0
  date: 2030-01-05
  measure: 01/check
  body: quality
  due: 2030-12-31
  source: 县质量局
  approved: {role: head, date: 2030-01-06}
""",
    "ledger/2030.yml": """\
- id: e1
  date: 2030-01-10
  measure: 01/check
  body: quality
  state: under-way
  source: 县质量局
  approved: {role: section-head, date: 2030-01-11}
- id: e2
  date: 2030-01-12
  target: pass-rate
  body: quality
  value: 93.5
  unit: percent
  covers: {start: 2029-01-01, end: 2029-12-31}
  source: 县质量局
  evidence:
    - number: 甲质函〔2030〕1号
    - link: https://bureau.example/2030
    - file: letter.pdf
      title: 关于合格率的函
  approved: {role: section-head, date: 2030-01-13}
- id: e3
  date: 2030-01-20
  measure: 01/check
  body: commerce
  state: routine
  corrects: e1
  reason: 原来写错了
  source: 县质量局
  approved: {role: head, date: 2030-01-20}
""",
    "honours.yml": """\
- id: prize
  name: {zh: 质量奖, en: Quality Prize}
  clause: {document: plan-2030-1, id: task-02}
  quote: {zh: 质量日, en: Quality Day}
  standing: aimed
  kind: award
""",
    "batches/b1.yml": """\
id: b1
date: 2030-01-15
title: 第一期抽检
body: quality
sampled: {start: 2030-01-02, end: 2030-01-09}
source: 县质量局
approved: {role: section-head, date: 2030-01-16}
""",
    "batches/b1.csv": """\
产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目,后续处理
梨汁,西河食品厂,S-1,甲乙规范01,合格,,
"杏脯,散装",东山果脯厂,S-2,甲乙规范02,不合格,标签,已改正
枣片,北坡合作社,S-3,甲乙规范02,合格,,
""",
    "inspections.yml": """\
- id: i1
  date: 2030-01-20
  title: 农贸市场抽查
  bodies: [quality, commerce]
  period: {start: 2030-01-02, end: 2030-01-19}
  inspected: 20
  problems: 5
  handled: 4
  source: 县质量局
  approved: {role: section-head, date: 2030-01-21}
""",
    "violations.yml": """\
- id: v1
  date: 2030-01-16
  party: {zh: 东山果脯厂, en: Dongshan Works}
  number: 甲质罚〔2030〕1号
  body: quality
  breach: 标签不合格
  penalty: 警告
  source: 县质量局
  approved: {role: head, date: 2030-01-18}
""",
    "recalls.yml": """\
- id: r1
  date: 2030-01-12
  product: 木制儿童餐椅
  maker: 甲乙木器厂
  affected: M2型
  defect: 椅腿松动
  remedy: 免费更换
  source: 甲乙木器厂报告
  approved: {role: head, date: 2030-01-13}
""",
    "warnings.yml": """\
- id: w1
  date: 2030-01-08
  title: 冬季用电暖器要当心
  body: commerce
  text: 旧电线会起火
  advice: 用前看一看
  source: 县商务局
  approved: {role: head, date: 2030-01-08}
""",
    "analyses.yml": """\
- id: y2029
  date: 2030-01-15
  title: 2029年质量状况分析
  body: quality
  period: {start: 2029-01-01, end: 2029-12-31}
  text: 合格率上升
  findings:
    - 标签问题多
  figures:
    - {label: 抽查, value: 648, unit: 批}
  source: 县质量局
  approved: {role: head, date: 2030-01-18}
""",
    "awards.yml": """\
- id: a1
  date: 2029-11-20
  honour: prize
  year: 2029
  holder: {zh: 甲乙木器厂, en: Jiayi Woodworks}
  source: 县质量局
  approved: {role: head, date: 2029-11-22}
""",
    "standards.yml": """\
- id: s1
  date: 2029-08-01
  number: JY/T 001-2029
  title: 苹果脆片加工规程
  level: city
  role: lead
  holders:
    - 甲乙果品厂
    - {zh: 北坡合作社, en: Beipo Cooperative}
  source: 县质量局
  approved: {role: head, date: 2029-08-02}
""",
    "certifications.yml": """\
- id: c1
  date: 2029-05-08
  holder: 甲乙果品厂
  scheme: 质量管理体系认证
  number: INVENTED-1
  valid_until: 2032-05-07
  source: 县质量局
  approved: {role: head, date: 2029-05-09}
""",
    "demonstrations.yml": """\
- id: d1
  date: 2029-12-02
  title: 果品标准化示范县
  state: awarded
  year: 2029
  source: 丙丁市质量局
  approved: {role: head, date: 2029-12-03}
""",
    "policies.yml": """\
- id: p1
  date: 2030-01-11
  title: 质量奖奖励
  body: quality
  audience: 获奖企业
  benefit: 一次性奖励
  apply: 到县质量局申请
  opens: 2030-01-15
  closes: 2030-06-30
  source: 县质量局
  approved: {role: head, date: 2030-01-12}
""",
    "evaluation.yml": """\
- id: products
  date: 2030-01-04
  title: 产品
  indicators:
    - {title: 合格率, points: 30, bodies: [quality]}
    - {title: 结果公布}
  source: 县质量局
  approved: {role: head, date: 2030-01-05}
""",
    "events/fair.yml": """\
id: fair
date: 2030-01-18
title: 质量日开放参观
activity: quality-day
start: 2030-02-28
end: 2030-03-01
opens: "09:00"
closes: "16:30"
body: quality
source: 县质量局
approved: {role: head, date: 2030-01-19}
""",
    "news/2030-01-15-fair.zh.md": """\
---
date: 2030-01-15
title: 展会开幕
body: quality
source: 县质量局
approved: {role: head, date: 2030-01-15}
---
展会开幕了。

- 甲乙果品厂参展。
""",
    "news/2030-01-15-fair.en.md": """\
---
title: The fair opens
---
The fair is open.
""",
    "evidence/letter.pdf": pdf("letter").decode("ascii"),
}


def add_living(data: Path, files: Mapping[str, str] = LIVING) -> None:
    """Write ``files``, the records above, into the folder ``data``."""
    for name, text in files.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def copy_living(target: Path, files: dict[str, str] | None = None) -> Path:
    """Copy the county's data below ``target`` with the records above, and ``files`` over them; return the folder."""
    data = copy_data(target)
    add_living(data, {**LIVING, **(files or {})})
    return data
