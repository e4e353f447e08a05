"""Which words lead up to a figure, which end a noun, and where a phrase is trimmed: lexical knowledge of `names`."""

from __future__ import annotations

import re

from rag.figures.units import words
from rag.indicators.words import Span

LONGEST = 24
"""Characters of a name; what is longer is cut at a word."""

_CLAUSE_STOPS = frozenset("，,；;。！!？?：:\n、(（")
_COPULA = re.compile(
    r"[达到至为是有成约近超逾破占共计满定设增降减升涨跌缩扩翻]|.{0,2}(?:达|到|至|为|成|定|过|出|在|有|近|超|共|逾|是)|"
    r"(?:大幅|逐年|稳步|净|再|共|累计|同比|环比|平均|小幅)?(?:增长|增加|增多|增至|增幅|提高|提升|上升|上涨|攀升|扩大|扩容|下降|降低|降至|减少|减轻|减至|缩短|缩小|缩减|压缩|压减|回落|下跌|下滑|"
    r"下调|上调|上浮|翻番|调整|变化|恢复|保持|维持|稳定|控制|接近|突破|明显|显著|大幅|稳步|高于|低于|不足|不到|共计|合计|总计|累计|预计|估计|介于|位于|处于|涨|跌|仅|只|约合|折合|相当于|[较偏很更最](?:低|高|大|小|多|少|快|慢|长|短))了?"
)
_ENGLISH_COPULA = frozenset(
    words(
        "fell fallen falls rose risen rises dropped drops declined decreased increased grew grown reached reaches cut reduced shortened lowered raised expanded "
        "narrowed totalled totaled stood amounted accounted exceeded went climbed shrank was were is are been be has have had"
    )
)
_NOT_COPULA = frozenset(words("投入 收入 支出 成本 成果 成员 成年 设备 设施 定价 占地 共享 有效"))
_SUFFIXES = frozenset("率包额数量费款金价税险源证照站室楼床车药械剂片针岗员师生者工方群点面线网库")
_ATTRIBUTE_HEADS = re.compile(
    r"(?:.{0,2})(?:标准|限额|费用|金额|比例|比率|率|人数|总数|数量|时间|时长|成本|价格|水平|期限|额度|基金|资金|总额|人次|次数|药|例数|人员|周期|天数|面积|半径|能力|设备|项目|患者|病人|床位|机构|医院|中心|平台|基地|门诊|站点|病种|目录|服务)"
)
_NO_ATTRIBUTE = frozenset(
    words(
        "建成 建立 成立 设立 开展 设置 完成 实现 达到 提供 使用 承担 参与 加入 获 获得 通过 纳入 开设 组建 打造 拥有 具备 采购 购买 购入 到 赴 在 进入 覆盖 帮扶 支援"
    )
)
_RATHER_NOUNS = frozenset(words("服务 管理 建设 保障 培训 护理 康复 收入 支出 手术 诊疗 急救"))
_ARTICLES = frozenset(("the", "a", "an"))
_RATES = frozenset(words("人均 户均 次均 日均 年均 月均 平均 最高 最低"))
_EDGES = frozenset("“”\"‘’'「」『』·的、 -—+/占")
_HEAD = re.compile(r"(?:[属级](?=[\u4e00-\u9fff]{2})|等|其|以及|及|和|与|或|该|这|所)+(?=.{2})")


def is_clause_stop(said: str) -> bool:
    """Whether a sign parts two clauses or the items of a list."""
    return said in _CLAUSE_STOPS


def is_copula(said: str) -> bool:
    """Whether a word only says that something reaches the figure, or that it changes: 达到, 稳定在, 增长, 约."""
    return said in _ENGLISH_COPULA or (said not in _NOT_COPULA and _COPULA.fullmatch(said) is not None)


def is_suffix(said: str) -> bool:
    """Whether a single character ends nouns, whatever it is alone: 率, 额."""
    return said in _SUFFIXES


def has_attribute_head(following: str) -> bool:
    """Whether what follows a verb makes it an attribute: 起付标准, 支付限额, 报销比例."""
    return _ATTRIBUTE_HEADS.match(following) is not None


def is_attribute(verb: str) -> bool:
    """Whether a verb between two nouns may tell what kind the second is: 诊治中心, but not 建成中心."""
    return verb not in _NO_ATTRIBUTE and not is_copula(verb)


def is_article(said: str) -> bool:
    """Whether a word only stands in front of an English noun."""
    return said in _ARTICLES


def is_rather_noun(said: str) -> bool:
    """Whether a word that may be a verb is mostly a noun behind another: 医保服务事项."""
    return said in _RATHER_NOUNS


def is_rate(said: str) -> bool:
    """Whether a word says per what or which of many values: 人均, 最高."""
    return said in _RATES


def trimmed(text: str, first: int, last: int) -> Span | None:
    """The span without particles and quotation marks at its ends; None where nothing is left that names a thing."""
    while first < last and text[first] in _EDGES:
        first += 1
    head = _HEAD.match(text, first, last)
    first = head.end() if head else first
    while first < last and text[last - 1] in _EDGES - {"占"}:
        last -= 1
    return (first, last) if last > first else None
