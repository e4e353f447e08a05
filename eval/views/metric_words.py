"""Names of the metrics and what each means, in Chinese and English."""

from __future__ import annotations

METRICS: dict[str, tuple[str, str]] = {
    "passed": ("通过", "Passed"),
    "correctness": ("正确性", "Correctness"),
    "faithfulness": ("忠实度", "Faithfulness"),
    "citation_recall": ("引用召回率", "Citation recall"),
    "citation_precision": ("引用精确率", "Citation precision"),
    "citation_exact": ("引文一致", "Exact quotations"),
    "evidence_cited": ("引到依据", "Evidence cited"),
    "figure_support": ("数据有据", "Figures supported"),
    "grounded": ("数据、地名、年份见于引文", "Figures, places, years in the quotation"),
    "refusal_recall": ("应拒而拒", "Refusal recall"),
    "false_refusal": ("误拒", "False refusals"),
    "refusal_reason": ("拒答理由正确", "Right reason to refuse"),
    "hit@": ("前{k}段命中", "Hit@{k}"),
    "recall@": ("前{k}段召回率", "Recall@{k}"),
    "MRR@": ("平均倒数排名@{k}", "MRR@{k}"),
    "nDCG@": ("归一化折损累计增益@{k}", "nDCG@{k}"),
    "dropped": ("被拦下的句子", "Sentences dropped"),
    "by_model": ("由语言模型组织", "Worded by the model"),
    "fell_back": ("改用原文", "Fell back on the articles"),
    "errors": ("无法评分", "Not scored"),
    "answer_chars": ("回答字数", "Characters of an answer"),
    "checker.precision": ("核对器精确率", "Checker precision"),
    "checker.recall": ("核对器召回率", "Checker recall"),
    "checker.false_alarms": ("核对器误报率", "Checker false alarms"),
    "judge.agreement": ("模型与规则的一致性", "Agreement of model and rules"),
}
EXPLANATIONS: dict[str, tuple[str, str]] = {
    "passed": ("满足全部要求的题目占比。", "Share of questions whose every requirement was met."),
    "correctness": (
        "回答写出了多少必须写出的事实；数据按数值和单位比较，应答而拒答的算零分。",
        "How much of what it had to hold an answer holds; figures are compared by value and unit, and a refused "
        "answerable question counts as holding nothing.",
    ),
    "faithfulness": (
        "回答的句子中，所引原文确实支持的占比。",
        "Share of the answers' sentences that the text they cite supports.",
    ),
    "citation_recall": (
        "按 ALCE 的定义：一句话有引用，且所引各段合起来支持全句，才算一句；算出的是这样的句子的占比。",
        "As ALCE defines it: share of sentences that cite something, and that all they cite, taken together, supports.",
    ),
    "citation_precision": (
        "按 ALCE 的定义：一处引用所在的句子得到支持，而且它单独就支持该句，或去掉它其余的便不足以支持，才不算多余；"
        "算出的是这样的引用的占比。",
        "As ALCE defines it: share of citations that are not beside the point, that is, whose sentence is supported, "
        "and which support it alone or without which the others no longer do.",
    ),
    "citation_exact": (
        "引文与原文该位置逐字相同的占比。",
        "Share of quotations that are, letter by letter, the article's text at the place cited.",
    ),
    "evidence_cited": (
        "至少引到一处预定依据的回答占比。",
        "Share of answers that cite at least one of the places named as evidence.",
    ),
    "grounded": (
        "句中的数据、地名和年份都见于所引原文（或其标题、日期、地区）的句子占比；与核对器分开、只按字面另算一遍。",
        "Share of sentences all of whose figures, places and years stand in the text cited, its headings, date and "
        "places included: counted apart from the checker, by the letter.",
    ),
    "by_model": (
        "问过语言模型的回答中，全部或部分由它组织文字的占比。",
        "Of the answers for which a language model was asked, the share that it worded, in whole or in part.",
    ),
    "fell_back": (
        "问过语言模型的回答中，全部或部分改用文章原文的占比。",
        "Of the answers for which a language model was asked, the share where the articles' own sentences stand in "
        "its place, in whole or in part.",
    ),
    "figure_support": (
        "回答的数据（含日期）中，所引原文有据的占比。",
        "Share of the figures in answers, dates included, that the text cited bears out.",
    ),
    "refusal_recall": (
        "文章答不了的问题中，确实拒答的占比。要与“误拒”一起看：什么都拒的系统这一项满分。",
        "Share of unanswerable questions that were refused. Read it beside false refusals: "
        "to refuse everything scores full marks here.",
    ),
    "false_refusal": (
        "文章答得了的问题中，却被拒答的占比，越低越好。",
        "Share of answerable questions that were refused all the same; lower is better.",
    ),
    "refusal_reason": (
        "该拒且已拒的问题中，拒答理由正确的占比。",
        "Share of rightly refused questions that were refused for the right reason.",
    ),
    "hit@": (
        "前 {k} 段里至少有一段依据的问题占比。",
        "Share of questions with a passage of evidence among the first {k} found.",
    ),
    "recall@": (
        "依据各段出现在前 {k} 段里的占比，按题平均。",
        "Share of a question's passages of evidence that are among the first {k} found, mean over questions.",
    ),
    "MRR@": (
        "第一段依据排名的倒数，排在 {k} 名之后算 0，按题平均。",
        "One over the rank of the first passage of evidence, 0 beyond rank {k}, mean over questions.",
    ),
    "nDCG@": (
        "依据各段在前 {k} 段里排得有多靠前，最理想的顺序为 1，按题平均。",
        "How near the top of the first {k} the evidence stands; 1 is the best possible order; mean over questions.",
    ),
    "dropped": (
        "写出后因所引原文不支持而没有给读者看的句子占比。",
        "Share of drafted sentences that were kept from the reader, as what they cite did not support them.",
    ),
    "errors": (
        "评测时出错、无法评分的题目占比；都按不通过计。",
        "Share of questions that could not be scored; each counts as failed.",
    ),
    "answer_chars": ("回答的平均字数。", "Characters of an answer, on average."),
    "checker.precision": (
        "核对器判为“无据”的句子中，确实无据的占比。",
        "Of the sentences that the checker calls unsupported, the share that are.",
    ),
    "checker.recall": (
        "无据的句子中，核对器查出的占比。",
        "Of the unsupported sentences, the share that the checker finds.",
    ),
    "checker.false_alarms": (
        "有据的句子中，被核对器误判为无据的占比，越低越好。",
        "Of the supported sentences, the share that the checker calls unsupported; lower is better.",
    ),
    "judge.agreement": (
        "科恩 κ：1 为完全一致，0 为与随机相当。",
        "Cohen's kappa: 1 is full agreement, 0 is what chance gives.",
    ),
}
