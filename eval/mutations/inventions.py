"""Sentences and clauses that nobody wrote: typical phrases of health policy, filled with a claim's place and topic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.mutations.chance import shuffled
from eval.mutations.claims import Faithful
from eval.mutations.wording import shared_share
from rag.glossary import find_concepts
from rag.regions import find_regions, full_name

MOST_SHARED = 0.4
"""An invented sentence whose own words the evidence holds to more than this share may be no invention."""

SENTENCES = (
    "{place}把{topic}列入当年为民办实事清单，由主要负责人每月调度一次。",
    "{place}设立专项奖补资金，按季度兑现给{topic}成效突出的单位。",
    "{place}聘请第三方机构对{topic}开展满意度测评，结果向社会公开。",
    "{place}计划三年内把{topic}的经验复制到所有乡镇。",
    "围绕{topic}，{place}与周边五个城市签订了合作备忘录。",
    "{place}为{topic}开通了二十四小时服务热线，平均接通时间不超过十秒。",
    "{place}把{topic}与干部提拔挂钩，连续两年排名末位的予以调离。",
    "{place}发行专项债券，筹集的资金优先用于{topic}。",
    "{place}邀请退休专家组成督导团，驻点指导{topic}。",
    "{place}上线了{topic}手机小程序，注册用户突破百万。",
    "有关{topic}的地方条例已由{place}人大常委会表决通过。",
    "{place}因{topic}成绩突出受到国务院办公厅督查激励。",
    "{place}对{topic}中弄虚作假的行为实行一票否决。",
    "{place}组织骨干分批赴海外研修{topic}。",
    "{place}在{topic}中引入商业保险公司承办，政府按服务量付费。",
    "{place}每年拿出财政收入的百分之三支持{topic}。",
    "{place}建立{topic}院士工作站，引进博士团队六个。",
    "{place}的{topic}案例入选全国干部培训教材。",
    "{place}撤销了原先负责{topic}的议事协调机构。",
    "{place}把{topic}的审批时限压缩到一个工作日。",
    "{place}对参与{topic}的民营医院给予用地优惠和税收返还。",
    "{place}推行{topic}积分制，居民可凭积分兑换体检套餐。",
    "{place}组建了由退役军人参加的{topic}志愿服务队。",
    "审计部门发现{place}在{topic}中挪用资金，已责成限期整改。",
    "{place}为{topic}引进了人工智能辅助诊断系统，误诊投诉大幅下降。",
    "{place}将{topic}试点期限延长两年，并暂停新增试点单位。",
    "{place}在高校开设{topic}订单班，毕业生须回乡服务六年。",
    "{place}明确{topic}由纪检监察机关牵头，卫生健康部门配合。",
    "世界银行贷款支持了{place}的{topic}，还款期为二十年。",
    "{place}以购买服务的方式把{topic}整体外包给社会组织。",
)
CLAUSES = (
    "并因此获得国家级表彰", "并为此设立了专项奖励基金", "相关经验已写入高校教材", "引起了海外媒体的广泛关注",
    "同时免除了参保人的全部自付费用", "并由第三方机构每月公布排名", "并与十余家药企签订了战略合作协议",
    "相关负责人因此得到提拔", "带动周边城市纷纷前来考察", "并计划在境外设立分支机构", "群众满意度居全省首位",
    "并通过了国际认证", "为此追加了两轮财政预算", "并率先引入了人工智能导诊机器人", "相关做法已申请发明专利",
    "并把考核结果与子女入学优惠挂钩", "但随后因资金短缺一度停摆", "并吸引了数百名海外专家加盟",
    "同时对外地患者加收服务费", "并被列入联合国可持续发展案例",
)  # fmt: skip


# Bodies, amounts and complaints are no undertakings.
_NO_TOPIC = re.compile(
    r"[局委部厅院所员生者贵难口量率数]$|(?<!付)费$|(?:时间|半径|占比|中心|模式)$|费用|医疗机构|资金|基金"
)


def invented_sentences(faithful: Faithful) -> Iterator[str]:
    """Sentences of typical phrases on this claim's place and topic that nothing in its evidence says."""
    place, topic = place_of(faithful), topic_of(faithful)
    if faithful.language == "en" or not topic:
        return
    for template in shuffled(SENTENCES, faithful.claim, "invented"):
        own = template.format(place="", topic="")
        if shared_share(own, faithful.known) < MOST_SHARED:
            yield template.format(place=place, topic=topic)


def with_added_clauses(faithful: Faithful) -> Iterator[str]:
    """The claim as it is, and at its end a clause that nothing in its evidence says."""
    claim = faithful.claim.rstrip()
    body = claim.rstrip("。；;，, ")
    if faithful.language == "en" or len(body) < 8 or body[-1] in "？！?!：:…”」』）)、→":
        return
    for clause in shuffled(CLAUSES, claim, "added_detail"):
        if shared_share(clause, faithful.known) < MOST_SHARED:
            yield f"{body}，{clause}。"


def place_of(faithful: Faithful) -> str:
    """The place that a claim is about, as it would be named; 当地 where none is known."""
    if faithful.regions:
        return full_name(faithful.regions[0])
    mentions = find_regions(faithful.claim)
    return full_name(mentions[0].region.code) if mentions else "当地"


def topic_of(faithful: Faithful) -> str:
    """The reform term that a claim is about, else one of its headings; empty where there is none."""
    terms = [
        m.concept.zh[0]
        for text in (faithful.claim, faithful.context)
        for m in find_concepts(text)
        if m.concept.kind == "term"
        and 3 <= len(m.concept.zh[0]) <= 10
        and not _NO_TOPIC.search(m.concept.zh[0])
    ]
    return shuffled(dict.fromkeys(terms), faithful.claim, "topic")[0] if terms else ""
