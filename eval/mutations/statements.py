"""What a claim says turned round: rise and fall, affirmation and denial, plan and fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from eval.mutations.chance import shuffled
from eval.mutations.claims import Faithful
from eval.mutations.wording import differs, is_quoted, matches, quoted_spans, splice, swap
from rag.figures import changes, same_value

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

# Longer words first. Words of one pair turn into each other where they read as Chinese (or English) in both.
_OPPOSITES = (
    ("下降到", "上升到"), ("降低到", "提高到"), ("减少到", "增加到"), ("缩小到", "扩大到"), ("缩短到", "延长到"),
    ("下降至", "上升至"), ("降低至", "提高至"), ("减少至", "增加至"), ("缩小至", "扩大至"), ("缩短至", "延长至"),
    ("降到", "升到"), ("降至", "升至"), ("减至", "增至"), ("减到", "增到"), ("降为", "升为"),
    ("上升", "下降"), ("增加", "减少"), ("提高", "降低"), ("扩大", "缩小"), ("延长", "缩短"), ("上涨", "下跌"),
    ("上调", "下调"), ("加重", "减轻"), ("增强", "减弱"), ("改善", "恶化"), ("加快", "放缓"), ("攀升", "下滑"),
    ("多于", "少于"), ("更高", "更低"), ("更多", "更少"), ("最高", "最低"), ("最大", "最小"),
    ("increased", "decreased"), ("rose", "fell"), ("raised", "lowered"), ("higher", "lower"),
)  # fmt: skip
_ONE_WAY = {
    "增长": "下降", "提升": "降低", "增多": "减少", "压缩": "扩大", "缩减": "扩大", "压减": "增加", "回落": "上升",
    "加强": "削弱", "优于": "劣于", "reduced": "increased", "cut": "raised", "expanded": "shrank",
}  # fmt: skip
_TURNED = {**{a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}, **_ONE_WAY}
_NOT_BEHIND = {
    "增加": "值",
    "增长": "率点极",
    "提升": "工改年行计",
    "提高": "班",
    "改善": "型",
    "加强": "针版",
    "扩大": "会",
}
_DIRECTION = re.compile(
    "|".join(
        (
            rf"\b{word}\b"
            if word.isascii()
            else word + (f"(?![{_NOT_BEHIND[word]}])" if word in _NOT_BEHIND else "")
        )
        for word in sorted(_TURNED, key=len, reverse=True)
    )
)


def reversed_directions(faithful: Faithful) -> Iterator[str]:
    """Let what rises fall, or put what was before after."""
    claim = faithful.claim
    products = [splice(claim, m.span(), _TURNED[m[0]]) for m in matches(_DIRECTION, claim)]
    for change in changes(claim):
        first, second = sorted((change.before, change.after), key=lambda f: f.start)
        if not same_value(first, second):
            products.append(swap(claim, (first.start, first.end), (second.start, second.end)))
    yield from shuffled(products, claim, "direction")


_VERBS = (
    "建立 建成 建设 完成 实现 出台 印发 形成 推出 取得 开展 实施 设立 设置 组建 成立 投入 获得 制定 构建 打造 引进 培养 覆盖 纳入 启动 "
    "取消 下发 发布 公布 推行 推广 推进 落实 解决 改变 调整 安排 拨付 达到 超过 突破 减少 增加 降低 提高 缩短 扩大 改善 提升 优化 "
    "完善 整合 签订 派出 选派 招聘 配备 建起 明确 提出 规定 要求 允许 鼓励 支持 接受 享受 惠及 受益 参加 参与 召开 举办 荣获"
).replace(" ", "|")
# The same words as nouns: 实施方案, 覆盖面, 建设工程.
_NOUN = r"(?!了|方案|面|率|情况|力度|者|办法|细则|意见|规划|计划|机制|工作|工程|项目|体系|过程|进度|标准|目标|任务|单位|条件|范围|额|期|水平|能力|方|的|人|量|中|与|和|及|、)"
# Behind these a denial or a plan would stand in the wrong order.
_ADVERBS = (
    "真正 迅速 有效 率先 时间 重点 分别 先后 成功 全面 及时 积极 大力 不断 显著 大大 切实 逐步 进一步 共同 联合 持续 初步 基本 重新 专门 "
    "首次 都 也 均 共 已 还 就 再 才 又 将 并"
)
_NO_ADVERB = "".join(f"(?<!{word})" for word in _ADVERBS.split(" "))
_TURNING = re.compile(r"不|未|没|无|非|别|否|禁|如果|只有|除非|虽|但|并非|是否|勿|难以")


def _to(text: str) -> Callable[[re.Match[str]], str]:
    return lambda m: m.expand(text)


_DENYING: tuple[_Rule, ...] = (
    (re.compile(rf"(?:已经|已)(?=(?:{_VERBS}|成为|达){_NOUN})"), _to("尚未")),
    (re.compile(rf"{_NO_ADVERB}({_VERBS})了(?!解)"), _to(r"没有\1")),
    (re.compile(rf"(?:累计|共)(?=(?:{_VERBS}){_NOUN})"), _to("没有")),
    (re.compile(rf"(?:(?<=^)|(?<=[，；。]))(?=(?:{_VERBS}){_NOUN}[\u4e00-\u9fff]{{2}})"), _to("没有")),
    (re.compile(rf"(?<=[并也还均都])(?=(?:{_VERBS}){_NOUN}[\u4e00-\u9fff]{{2}})"), _to("没有")),
    (re.compile(r"(?<![不也就只才])可以(?!说)"), _to("不可以")),
    (re.compile(r"(?<![不只才])能够"), _to("不能")),
    (re.compile(r"(?<=[，；])是(?=[\u4e00-\u9fff]{4})(?!否|不是|以)"), _to("不是")),
    (re.compile(r"(?<=[目的重点任务关键核心内容])是(?=[\u4e00-\u9fff]{3})(?!否|不是)"), _to("不是")),
    (re.compile(r"(?<![不])属于"), _to("不属于")),
    (re.compile(r"应当|(?<=[，；])必须"), _to("不必")),
)
_AFFIRMING: tuple[_Rule, ...] = (
    (re.compile(rf"(?:尚未|并未|还未|未能|没能|(?<!有)没有|未)(?=(?:{_VERBS}))"), _to("已")),
    (re.compile(r"不得(?!不|已|了|力|人|志)"), _to("可以")),
    (re.compile(r"不再(?=[\u4e00-\u9fff]{2})"), _to("继续")),
    (re.compile(r"无法(?=[\u4e00-\u9fff]{2})"), _to("能够")),
    (re.compile(r"(?<![能得])不能(?!不|只)"), _to("能")),
    (re.compile(r"(?<![是])不是(?=[\u4e00-\u9fff]{2})(?![^。]*而是)"), _to("就是")),
    (re.compile(r"严禁|禁止"), _to("允许")),
    (
        re.compile(r"(?<![有])没有(?=[\u4e00-\u9fff]{2,6}(?:问题|能力|条件|办法|资格|影响|变化|机会|权限))"),
        _to("有"),
    ),
)


def denials(faithful: Faithful) -> Iterator[str]:
    """Deny what is affirmed, or affirm what is denied; never in a clause that a second denial would leave unclear."""
    claim = faithful.claim
    products = [p for p, clause in _applied(_DENYING, claim) if not _TURNING.search(clause)]
    products += [p for p, clause in _applied(_AFFIRMING, claim) if len(_TURNING.findall(clause)) == 1]
    yield from shuffled(products, claim, "negation")


def _applied(rules: tuple[_Rule, ...], claim: str) -> Iterator[tuple[str, str]]:
    """What each rule makes of the claim at each place outside quotations, with the clause it changed."""
    quoted = quoted_spans(claim)
    for pattern, new in rules:
        for m in pattern.finditer(claim):
            if not is_quoted((m.start(), max(m.end(), m.start() + 1)), quoted):
                yield splice(claim, m.span(), new(m)), _clause_around(claim, m.start())


def _clause_around(text: str, offset: int) -> str:
    stops = [m.start() for m in re.finditer(r"[，。；！？：,;\n]", text)]
    start = max((s + 1 for s in stops if s < offset), default=0)
    return text[start : min((s for s in stops if s >= offset), default=len(text))]


_DOABLE = (
    "建立|建成|建设|完成|实现|出台|印发|形成|推出|开展|实施|设立|设置|组建|成立|投入|制定|构建|打造|引进|培养|启动|取消|发布|推行|"
    "落实|解决|调整|安排|拨付|达到|减少|增加|降低|提高|缩短|扩大|改善|提升|完善|整合|选派|招聘|配备|新增|新建|覆盖|推进|推广|遴选"
)
_PLANNING: tuple[_Rule, ...] = (
    (re.compile(rf"(?:已经|已)(?=(?:{_DOABLE}){_NOUN})"), _to("将")),
    (re.compile(rf"{_NO_ADVERB}({_DOABLE})了(?!解)"), _to(r"计划\1")),
    (re.compile(rf"(?:累计|共)(?=(?:{_DOABLE}){_NOUN})"), _to("计划")),
)
_ACHIEVING: tuple[_Rule, ...] = (
    (
        re.compile(
            rf"(?:计划|力争|争取|预计|有望|即将|拟|还将|将会|将要|将)(?:在?全[国省市县区])?(?=(?:{_DOABLE}){_NOUN})"
        ),
        _to("已"),
    ),
    (re.compile(rf"(?<![不主需重只就首想必还简摘纲])要(?:进一步)?(?=(?:{_DOABLE}){_NOUN})"), _to("已经")),
)
_PLANNED = re.compile(r"将|拟|计划|力争|争取|预计|有望|即将|要|规划|目标|打算")


def turned_plans(faithful: Faithful) -> Iterator[str]:
    """Tell a plan as done, or what is done as a plan."""
    claim = faithful.claim
    products = [p for p, clause in _applied(_PLANNING, claim) if not _PLANNED.search(clause)]
    products += [p for p, clause in _applied(_ACHIEVING, claim) if len(_PLANNED.findall(clause)) == 1]
    yield from shuffled([p for p in products if differs(p, claim)], claim, "modality")
