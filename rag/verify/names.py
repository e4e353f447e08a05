"""Whether titles, quotations and public bodies of the claim are in the evidence by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.verify.case import Case
from rag.verify.forms import compact, quotations
from rag.verify.reasons import Finding

_TITLE = re.compile(r"《([^《》\n]{1,100})》")
_BODIES = (
    "国务院 中共中央 党中央 全国人大 国家卫生健康委|国家卫健委 卫生健康委|卫健委|卫生健康局|卫健局 国家医保局|国家医疗保障局 医保局|医疗保障局 "
    "国家药监局|国家药品监督管理局 药监局|药品监督管理局|药监部门 财政部 财政局|财政厅|财政部门 国家发展改革委|国家发改委 发展改革委|发改委|发改部门 "
    "人力资源社会保障部|人社部 教育部 民政部 国家中医药局|国家中医药管理局 中医药局|中医药管理局 国家疾控局|国家疾病预防控制局 疾控局 疾控中心 "
    "省委 市委 县委 区委 省政府 市政府 县政府 区政府 纪委 编办 审计署 审计局 世界卫生组织|世卫组织"
)
_BODY_NAMES = tuple(tuple(names.split("|")) for names in _BODIES.split())


def check_names(case: Case) -> Iterator[Finding]:
    """Titles in 《》 and quotations must be the evidence's own words."""
    for match in _TITLE.finditer(case.claim.text):
        if compact(match[1]) not in case.compact_all:
            yield case.finding("title", match.span(1), match[1])
    for start, end in quotations(case.claim.text):
        quoted = case.claim.text[start:end]
        if compact(quoted) not in case.compact_all:
            yield case.finding("quote", (start, end), quoted)


def check_bodies(case: Case) -> Iterator[Finding]:
    """A public body of the claim must be named in the evidence or its context, by any of its usual names."""
    claimed, known = case.claim.folded, f"{case.evidence.folded}\n{case.context.folded}"
    for names in _BODY_NAMES:
        named = next((name for name in names if name in claimed), None)
        if named and not any(name in known for name in names):
            start = claimed.find(named)
            yield case.finding("body", case.claim.unfolded(start, start + len(named)), named)
