"""Words that tell rising from falling, denial from affirmation, and plans from facts."""

from __future__ import annotations

import re

from rag.normalise import fold

NEGATION = re.compile(
    r"尚未|并未|并非|绝非|从未|未能|(?<!有)没有|没能|不得(?!少于|多于|低于|高于|超过|晚于|早于)|不再|不能(?!只|仅|光|少于|低于|高于|超过)|不会|不是|不予|禁止|严禁|无法|未(?!来|成年)|不(?![断仅止只但少同足超低高良合满到论光惜力])|无(?!论|缝|疑|偿|菌|障|锡|人机)"
)
PLAN = re.compile(
    r"计划|规划|拟|力争|争取|预计|有望|即将|打算|目标|将(?:会|于|在|要|有|成为|继续|核[增减]|增[加设]|减少|提高|降低|安排|拨付|设立|建立|出台|印发|启动|覆盖|扩大|缩小|招聘|引进|培养|改造|组建|打造|支持|提供|进一步|新增|新建|建成|建设|完成|实现|投入|加快|推动|推进|推广|开展|达到?|全面|逐步|持续|探索|选择|设置|再)|"
    r"到20[0-9x]{2}年底?(?:前)?(?:要|实现|达到)|\b(?:will|plans? to|planned|aims? to|intends? to|expected to|is to|are to|would)\b"
)
_DEMAND = re.compile(
    r"要(?![素点么是不闻])|希望|准备|着手|正在|在加快|打算|尚在|努力|应当|必须|力求|鼓励|\b(?:must|should|shall)\b"
)
_DONE = re.compile(
    r"已经?(?!有)|完成了|全部完成|建成了|实现了|新增了|投入了|累计|均已|\b(?:has|have|already|completed|achieved)\b"
)
_UP = re.compile(
    r"上升|增长|增加|提高|提升|扩大|增至|增到|升至|升到|上涨|攀升|增强|增多|扩容|扩展|扩充|上调|提质|增效|更[大多高强]|越来?越[多大高]|"
    r"\b(?:rose|risen|rises?|rising|increas\w*|grew|grow\w*|expand\w*|rais(?:e|ed|es|ing)|higher|up from)\b"
)
_DOWN = re.compile(
    r"下降|降低|减少|缩小|缩短|缩减|压缩|压减|降至|降到|减至|减到|下调|下跌|回落|减轻|下滑|减缓|更[小少低短]|越来?越[少小低]|降下来|"
    r"\b(?:fell|fallen|falls?|falling|drop\w*|declin\w*|decreas\w*|reduc\w*|cut|cuts|cutting|lower(?:ed|s|ing)?|short(?:en\w*|er)|shr[aiu]nk\w*|narrow\w*|down from)\b"
)


def directions_in(text: str) -> set[str]:
    """Whether a text speaks of rising ("up"), of falling ("down"), of both or of neither."""
    folded = fold(text)
    return {name for name, pattern in (("up", _UP), ("down", _DOWN)) if pattern.search(folded)}


_ANY_DONE = re.compile(r"已|了|完成|建成|实现|达到|达成|成为|形成")


def tells_of_nothing_done(text: str) -> bool:
    """Whether a text speaks of wishes, plans and demands, and of nothing that has come to be."""
    folded = fold(text)
    return _ANY_DONE.search(folded) is None and modality_of(text)[1]


def modality_of(text: str) -> tuple[bool, bool, bool]:
    """Whether a text speaks of a plan, of a plan or a demand, of something done."""
    folded = fold(text)
    planned = PLAN.search(folded) is not None
    return planned, planned or _DEMAND.search(folded) is not None, _DONE.search(folded) is not None
