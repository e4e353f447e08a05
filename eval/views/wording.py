"""Every word of a report that no article wrote, in Chinese and English: metrics, types, kinds of change, headings."""

from __future__ import annotations

from eval.views.metric_words import EXPLANATIONS, METRICS
from rag.types import Language

_TYPES: dict[str, tuple[str, str]] = {
    "fact": ("事实", "Fact"),
    "figure": ("数据", "Figure"),
    "compare": ("比较", "Comparison"),
    "followup": ("追问", "Follow-up"),
    "near_miss": ("似有实无", "Near miss"),
    "off_topic": ("题外", "Off topic"),
    "false_premise": ("前提有误", "False premise"),
    "unanswerable": ("文章未答", "Unanswerable"),
    "answer": ("应当回答", "should be answered"),
    "refuse": ("应当拒答", "should be refused"),
    "either": ("可答可拒", "may be answered or refused"),
    "zh": ("简体中文", "Simplified Chinese"),
    "zh-Hant": ("繁体中文", "Traditional Chinese"),
    "en": ("英文", "English"),
}
_CHANGES: dict[str, tuple[str, str]] = {
    "digit": ("改一位数字", "One digit changed"),
    "unit": ("改单位", "Unit changed"),
    "qualifier": ("改限定（约、超等）", "Bound changed (about, over)"),
    "year": ("改年份", "Year changed"),
    "city": ("改地名", "Place changed"),
    "direction": ("升降颠倒", "Direction reversed"),
    "manner": ("变化多少与变到多少混淆", "Changed by, for changed to"),
    "negation": ("加否定", "Negation added"),
    "modality": ("计划与事实互换", "Plan told as fact, or fact as plan"),
    "added_detail": ("添加细节", "Detail added"),
    "swapped_subjects": ("主体互换", "Subjects swapped"),
    "wrong_citation": ("引错段落", "Cited to the wrong passage"),
    "invented": ("编造一句", "Sentence invented"),
    "same_": ("改写不改意：{rest}", "Same meaning: {rest}"),
    "same_verbatim": ("照录原句", "Word for word"),
    "same_traditional": ("改写不改意：转为繁体", "Same meaning: Traditional script"),
    "same_width": ("改写不改意：改用全角", "Same meaning: full width"),
    "same_figure": ("改写不改意：数据换写法", "Same meaning: figure written otherwise"),
    "same_synonym": ("改写不改意：换近义词", "Same meaning: synonym"),
    "same_trimmed": ("改写不改意：删去旁枝", "Same meaning: shortened"),
    "same_frame": ("改写不改意：加引述语", "Same meaning: introduced"),
    "same_order": ("改写不改意：换语序", "Same meaning: other order"),
}
_HEADINGS: dict[str, tuple[str, str]] = {
    "title": ("医改问答 · 评测报告", "yigai · Evaluation report"),
    "gates": ("门槛", "Gates"),
    "gate": ("门槛", "Gate"),
    "no_gates": ("没有设门槛。", "No gates were set; --gate FILE sets them."),
    "all_held": ("门槛全部达到", "All gates held"),
    "some_failed": ("有 {count} 道门槛未达到", "{count} gates failed"),
    "held": ("达到", "held"),
    "not_held": ("未达到", "failed"),
    "min": ("不低于", "at least"),
    "max": ("不高于", "at most"),
    "max_drop": ("比基线变差不超过", "no worse than the baseline by"),
    "threshold": ("要求", "Required"),
    "value": ("实测", "Value"),
    "metric": ("指标", "Metric"),
    "metrics": ("指标", "Metrics"),
    "metrics_note": (
        "圆点是实测值，横线是 95% 自助法区间，竖线是门槛；右端为 1。没有测到的写“–”，不记零。",
        "A dot is the value, a bar its 95% bootstrap interval, an upright line a gate; the right end is 1. "
        "What could not be measured reads “–”, never 0.",
    ),
    "interval": ("95% 区间", "95% interval"),
    "cases": ("题数", "Cases"),
    "by_type": ("分题型", "By type of question"),
    "type": ("题型", "Type"),
    "refusals": ("应拒而拒 / 误拒", "Refusal recall / false refusals"),
    "lower_better": ("越低越好", "lower is better"),
    "checker": ("核对器自身", "The checker itself"),
    "checker_note": (
        "从有据的句子造出无据的，看核对器查出多少；改写而不改意的，查出即误报。竖线是门槛。",
        "Unsupported sentences are made from supported ones, to see how many the checker finds; where the meaning was "
        "left alone, flagging it is a false alarm. An upright line is a gate.",
    ),
    "change": ("改动", "Change"),
    "made": ("造出", "Made"),
    "flagged": ("查出", "Flagged"),
    "detected": ("检出率", "Detected"),
    "detected_or_false": ("检出率（误报率）", "Detected (or false alarms)"),
    "false_alarm": ("误报", "False alarms"),
    "misjudged": ("判错的例子", "Examples it judged wrongly"),
    "claim": ("句子", "Sentence"),
    "original": ("原句", "Original"),
    "evidence": ("依据", "Evidence"),
    "judge": ("模型评审", "A model as judge"),
    "judge_summary": (
        "{name} 评了 {judged} 句，认为有据的 {supported} 句，没有给出判定的 {failed} 句。",
        "{name} judged {judged} sentences, found {supported} supported, and gave no verdict on {failed}.",
    ),
    "disputed": ("与规则不一致的句子", "Where it disagrees with the rules"),
    "case_list": ("逐题结果", "Case by case"),
    "worst_first": ("最差的在前。", "Worst first."),
    "failed_cases": ("未通过的题", "Failed cases"),
    "more_failed": ("另有 {count} 题未通过，见完整报告。", "{count} more failed; see the full report."),
    "none_failed": ("全部题目通过。", "Every case passed."),
    "filter_type": ("题型", "Type"),
    "all_types": ("全部题型", "all types"),
    "failed_only": ("只看未通过", "failed only"),
    "pass": ("通过", "passed"),
    "fail": ("未通过", "failed"),
    "error": ("无法评分", "not scored"),
    "case": ("题", "Case"),
    "question": ("问题", "Question"),
    "reasons": ("原因", "Why"),
    "history": ("前文", "Asked before"),
    "given_answer": ("回答", "Answer"),
    "given_refusal": ("拒答", "Refusal"),
    "no_text": ("（无）", "(none)"),
    "verdict": ("判定", "Verdict"),
    "supported": ("有据", "supported"),
    "unsupported": ("无据", "unsupported"),
    "citations": ("引用", "Citations"),
    "article": ("文章", "Article"),
    "quote": ("引文", "Quotation"),
    "exact": ("与原文一致", "as in the article"),
    "not_exact": ("与原文不符", "not the article's text"),
    "untitled": ("（无标题）", "(untitled)"),
    "dropped_sentences": ("被拦下的句子", "Sentences kept back"),
    "scores": ("得分", "Scores"),
    "setup": ("评测对象", "What was measured"),
    "suite": ("题集", "Suite"),
    "fingerprint": ("指纹", "fingerprint"),
    "started": ("开始", "Started"),
    "total_s": ("全程（秒）", "Whole run (s)"),
    "first_ms": ("第一题（毫秒）", "First question (ms)"),
    "p50_ms": ("每题中位（毫秒）", "A question, median (ms)"),
    "p95_ms": ("每题 95 分位（毫秒）", "A question, 95th percentile (ms)"),
    "encoder": ("编码器", "Encoder"),
    "composer": ("作答方式", "Composer"),
    "library": ("文库", "Library"),
    "checker_s": ("其中核对器测试（秒）", "of which testing the checker (s)"),
    "articles": ("文章", "articles"),
    "passages": ("段落", "passages"),
    "top_k": ("读取段数", "Passages read"),
    "splitter": ("切分规则版本", "Splitter version"),
    "prompts": ("提示语版本", "Prompt versions"),
}
_COMPARISON: dict[str, tuple[str, str]] = {
    "comparison": ("两次评测比较", "Two evaluations compared"),
    "is_worse": ("变差了", "Worse"),
    "not_worse": ("没有变差", "Not worse"),
    "before": ("之前", "Before"),
    "after": ("之后", "After"),
    "difference": ("差", "Difference"),
    "paired_cases": ("两次都有的题", "Cases in both"),
    "better": ("变好", "better"),
    "worse": ("变差", "worse"),
    "within_chance": ("在偶然范围内", "within chance"),
    "now_failing": ("由通过变为未通过", "Passed before, fail now"),
    "now_passing": ("由未通过变为通过", "Failed before, pass now"),
    "shifted": ("结果相同，得分有变", "Same outcome, other scores"),
    "only_before": ("只在之前有", "Only before"),
    "only_after": ("只在之后有", "Only after"),
    "changed_suites": ("题集内容变了，题目不全相同：", "Suites changed, not all cases are the same: "),
    "changed_setup": ("评测对象变了", "Something else was measured"),
    "no_differences": ("没有差别。", "There is no difference."),
}
_FAILURES: dict[str, tuple[str, str]] = {
    "failure_refused": ("不该拒答（{detail}）", "refused ({detail})"),
    "failure_wrong_reason": ("拒答理由不对：{detail}", "refused for the wrong reason: {detail}"),
    "failure_answered": ("文章没有说，却回答了", "answered what the articles do not say"),
    "failure_lacks": ("缺少 {detail}", "lacks {detail}"),
    "failure_says": ("不该出现 {detail}", "says {detail}"),
    "failure_not_cited": ("没有引用文章 {detail}", "does not cite article {detail}"),
    "failure_unsupported": ("没有依据：{detail}", "not supported: {detail}"),
    "failure_inexact": ("{detail} 与原文不符", "{detail} is not the article's text"),
    "failure_unscored": ("无法评分：{detail}", "could not be scored: {detail}"),
}
_PAIRS: dict[str, tuple[str, str]] = {
    "faithfulness_pairs": (
        "核对器与标注的一致程度（{pairs} 对）",
        "The checker against labels ({pairs} pairs)",
    ),
    "judge": ("评判者", "Judge"),
    "balanced_accuracy": ("平衡准确率", "Balanced accuracy"),
    "interval": ("95% 区间", "95% interval"),
    "supported_right": ("有据而放行", "Supported, passed"),
    "rejected_right": ("无据而拦下", "Unsupported, rejected"),
    "checker_lead": ("核对器领先（95% 区间）", "Checker's lead (95%)"),
    "judge_checker": ("核对器", "checker"),
    "judge_token_overlap": ("字词重合", "token overlap"),
    "judge_embedding_cosine": ("向量余弦", "embedding cosine"),
    "flattered": (
        "字词重合与向量余弦用的是在这份数据上最好的阈值，对它们有利；核对器的阈值是固定的。",
        "Overlap and cosine have the threshold that is best on these very pairs; the checker's is fixed.",
    ),
    "by_label": ("按标注判对", "Judged right by label"),
    "by_kind": ("按类别判对", "Judged right by kind"),
    "bad_words": ("标注为错的词被指出", "Words marked bad that were pointed at"),
    "good_words": ("标注为对的词被指出", "Words marked good that were pointed at"),
}
WORDS: dict[str, tuple[str, str]] = {
    **METRICS,
    **_TYPES,
    **_CHANGES,
    **_HEADINGS,
    **_COMPARISON,
    **_PAIRS,
    **_FAILURES,
}


def word(key: str, language: Language, **values: object) -> str:
    """The words for a key; a key that is not known stands for itself."""
    return _told(WORDS, key, language, values) or key


def explain(metric: str, language: Language) -> str:
    """What a metric means, in one sentence; empty where it is not known."""
    return _told(EXPLANATIONS, metric, language, {})


def _told(words: dict[str, tuple[str, str]], key: str, language: Language, values: dict[str, object]) -> str:
    """Look the key up; of `recall@8` the number, and of `detection.digit` or an unlisted `same_x` the rest, fill a form."""
    name, at, k = key.partition("@")
    if at and k.isdecimal() and name + at in words:
        key, values = name + at, {"k": k}
    elif key.startswith("detection."):
        key = key.removeprefix("detection.")
    if key not in words and key.startswith("same_") and "same_" in words:
        key, values = "same_", {"rest": key.removeprefix("same_")}
    if key not in words:
        return ""
    form = words[key][language == "en"]
    return form.format(**values) if values else form
