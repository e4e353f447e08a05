"""Questions to the sample library, and what of it is asked of their answers."""

from __future__ import annotations

WUHU = "芜湖市的公立医院资产负债率降到了多少?"
HEFEI = "合肥市的资产负债率是多少?"
"""One that is answered, and one that is refused."""
FACTS = [
    ("芜湖是怎么化债的?", ["10亿元", "62.59%", "48.8%", "13.79个百分点"]),
    ("蕪湖市投入了多少化債資金？", ["10亿元"]),
    ("How did Wuhu reduce debt?", ["10亿元", "CNY 1 billion", "62.59%", "48.8%", "Wuhu"]),
    ("丽水的急救反应时间缩短了多少分钟?", ["34分钟", "12分钟"]),
    ("芜湖有多少大学生村医受益?", ["35名"]),
    ("铜仁的稳定收入占比是多少?", ["55%"]),
    ("廣東有多少家高水平醫院?", ["50家"]),
    ("山西2020年县域内就诊的目标是多少?", ["90%"]),
    ("全国有几个国家医学中心?", ["17个"]),
    ("14家试点医院分布在几个省?", ["9个省"]),
    ("哪个城市建了院前急救网络?", ["丽水"]),
    ("山西的六统一是哪六项?", ["行政统一", "药械统一"]),
]

NEAR_MISSES = [
    ("合肥是怎么化债的?", "region_not_in_library"),
    ("Tell me how Hefei resolved its debt", "region_not_in_library"),
    ("铜仁市资产负债率是多少?", "region_without_subject"),
    ("芜湖2030年的资产负债率是多少?", "year_without_subject"),
    ("铜仁2019年的卫生健康支出占比是多少?", "year_without_subject"),
    ("How many AI hospitals does Shenzhen have?", "figure_not_found"),
    ("怎么做红烧肉?", "off_topic"),
    ("How do I bake bread?", "off_topic"),
]

VARIED = [
    *(question for question, _ in FACTS + NEAR_MISSES),
    "丽水为什么从急救入手?",
    "盐城2024年三四级手术量增长了多少?",
    "比较芜湖和铜仁的编制改革",
    "比较盐城和铜仁的财政投入",
    "Compare staffing in Wuhu and Tongren",
    "What is the target for grassroots visits in Shanxi in 2020?",
    "某县医共体的床位增加了多少?",
    "某县有多少乡村医生?",
    "深圳每多少人设1家社康机构?",
    "重庆怎么缓解看病难?",
    "What did Wuhu do about staffing?",
    "盐城投入了多少钱?",
    "2022年的补助标准提高多少元?",
    "三明院长的年薪由谁承担?",
]
