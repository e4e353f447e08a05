"""Hundreds of short Chinese articles that have little in common, in an earlier and a later version."""

from __future__ import annotations

import random
from pathlib import Path

_PLACES = (
    "江州",
    "云溪",
    "白石",
    "临川",
    "永安",
    "东平",
    "青河",
    "南屿",
    "石门",
    "宁远",
    "长乐",
    "松阳",
    "武陵",
    "海宁",
    "金湖",
    "丰城",
    "龙泉",
    "平江",
    "固原",
    "蓝田",
)
_BODIES = (
    "县医院",
    "中医院",
    "卫生院",
    "妇幼保健院",
    "疾控中心",
    "医保局",
    "卫健局",
    "村卫生室",
    "医共体",
    "药事会",
)
_ACTS = (
    "新增床位",
    "采购药品",
    "培训医师",
    "核减编制",
    "公开招标",
    "开通转诊",
    "下沉专家",
    "整改问题",
    "签约家庭",
    "追回基金",
)
_THINGS = (
    "检验试剂",
    "慢病用药",
    "康复病区",
    "救护车辆",
    "远程影像",
    "预约挂号",
    "绩效工资",
    "住院费用",
    "门诊统筹",
    "药品耗材",
)
_ENDS = (
    "群众反映良好",
    "财政按季拨付",
    "年底前验收",
    "由专班督办",
    "结果向社会公布",
    "较上年明显改善",
    "试点期为一年",
)


def write_articles(folder: Path, *, count: int, version: int = 1) -> None:
    """Write the articles as text files; in a later version four of five say something else."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        spoken = 1 if number % 5 == 0 else version
        (folder / f"文章{number:03}.txt").write_text(_text(number, spoken), encoding="utf-8")


def _text(number: int, version: int) -> str:
    chosen = random.Random(f"{number} {version}")
    pick = chosen.choice
    title = f"{pick(_PLACES)}{pick(_BODIES)}第{number}号{pick(_THINGS)}报告"
    lines = [
        f"{pick(_PLACES)}{pick(_BODIES)}{pick(_ACTS)}{chosen.randrange(2, 9999)}项，{pick(_THINGS)}下降"
        f"{chosen.randrange(1, 999) / 10}%，{pick(_ENDS)}。"
        for _ in range(3 + version)
    ]
    return "\n\n".join([title, *lines]) + "\n"
