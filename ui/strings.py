"""Every word the terminal shows that no article wrote, in Chinese and English."""

from __future__ import annotations

import locale
import os

from rag.types import Language
from ui.brief_strings import BRIEF_STRINGS
from ui.figure_strings import FIGURE_STRINGS
from ui.library_strings import LIBRARY_STRINGS
from ui.model_strings import MODEL_STRINGS

STRINGS: dict[str, dict[Language, str]] = {
    "untitled": {"zh": "（无标题）", "en": "(untitled)"},
    "evidence": {"zh": "依据", "en": "Evidence"},
    "refusal": {"zh": "未能回答：{message}", "en": "No answer: {message}"},
    "place": {"zh": "位置", "en": "at"},
    "undated": {"zh": "日期不详", "en": "undated"},
    "no_source": {"zh": "来源不详", "en": "source unknown"},
    "asked_as": {"zh": "理解为：{text}", "en": "Understood as: {text}"},
    "side_by_side": {"zh": "对照", "en": "Side by side"},
    "compared_place": {"zh": "地区", "en": "Place"},
    "compared_year": {"zh": "年份", "en": "Year"},
    "compared_topic": {"zh": "比较对象", "en": "Compared"},
    "articles_say": {"zh": "文章所说", "en": "What the articles say"},
    "silent": {"zh": "资料中未提及", "en": "not mentioned in the articles"},
    "cancelled": {"zh": "已取消。", "en": "Cancelled."},
    "unknown_region": {
        "zh": "不认识地名“{name}”，或不止一处。",
        "en": "Unknown or ambiguous place {name!r}.",
    },
    "did_you_mean": {"zh": "是不是：{names}？", "en": " Did you mean: {names}?"},
    "semicolon": {"zh": "；", "en": "; "},
    "comma": {"zh": "、", "en": ", "},
    "full_stop": {"zh": "。", "en": ""},
    "name_a_place": {
        "zh": "请用“芜湖市”或 Wuhu 这样的名称。",
        "en": " Use a name such as 芜湖市 or Wuhu.",
    },
    "bad_years": {
        "zh": "起始年份 {since} 不能晚于截止年份 {until}。",
        "en": "The first year, {since}, must not be later than the last, {until}.",
    },
    "no_year": {
        "zh": "{name} 不是 {least} 到 {most} 之间的年份。",
        "en": "{name} is no year from {least} to {most}.",
    },
    "unknown_command": {"zh": "没有命令“{name}”。", "en": "There is no command {name!r}."},
    "unknown_option": {"zh": "没有选项“{name}”。", "en": "There is no option {name!r}."},
    "option_value": {"zh": "选项“{name}”后面要跟一个值。", "en": "Option {name!r} needs a value."},
    "out_of_range": {
        "zh": "选项“{name}”的值要是 {least} 到 {most} 之间的整数。",
        "en": "Option {name!r} takes a whole number from {least} to {most}.",
    },
    "too_many_arguments": {"zh": "参数太多。", "en": "Too many arguments."},
    "missing_question": {
        "zh": '要问什么？请把问题写在引号里，例如：yigai ask "芜湖是怎么化债的?"。',
        "en": 'What is the question? For example: yigai ask "how did Wuhu reduce debt".',
    },
    "missing_folder": {
        "zh": "哪个数据集？例如：yigai eval retrieval ./xquad-zh。",
        "en": "Which data set? For example: yigai eval retrieval ./xquad-zh.",
    },
    "missing_pairs": {
        "zh": "哪个文件？例如：yigai eval faithfulness eval/pairs/sample.jsonl。",
        "en": "Which file? For example: yigai eval faithfulness eval/pairs/sample.jsonl.",
    },
    "missing_file": {
        "zh": "哪个文件？例如：yigai eval refusal rgb.jsonl。",
        "en": "Which file? For example: yigai eval refusal rgb.jsonl.",
    },
    "missing_before": {
        "zh": "要比较哪两份报告？例如：yigai eval compare before/report.json after/report.json。",
        "en": "Which two reports? For example: yigai eval compare before/report.json after/report.json.",
    },
    "missing_after": {
        "zh": "与哪一份报告比较？例如：yigai eval compare before/report.json after/report.json。",
        "en": "Compared with which report? For example: yigai eval compare before/report.json after/report.json.",
    },
    "not_kept": {
        "zh": "这次问答没有记下来：{why}",
        "en": "This answer was not kept: {why}",
    },
    "head_id": {"zh": "编号", "en": "id"},
    "head_time": {"zh": "时间", "en": "time"},
    "head_via": {"zh": "来自", "en": "via"},
    "head_outcome": {"zh": "结果", "en": "outcome"},
    "head_question": {"zh": "问题", "en": "question"},
    "head_thumb": {"zh": "评价", "en": "feedback"},
    "via_page": {"zh": "网页", "en": "page"},
    "via_api": {"zh": "API", "en": "API"},
    "via_openai": {"zh": "OpenAI 接口", "en": "OpenAI API"},
    "via_mcp": {"zh": "MCP", "en": "MCP"},
    "via_cli": {"zh": "终端", "en": "terminal"},
    "outcome_answered": {"zh": "回答", "en": "answered"},
    "outcome_refused": {"zh": "拒答", "en": "refused"},
    "no_answers": {"zh": "没有问答记录。", "en": "No answers are kept."},
    "more_answers": {
        "zh": "以上是最近的 {limit} 条；用 --limit 看更多。",
        "en": "These are the latest {limit}; --limit shows more.",
    },
    "both_thumbs": {
        "zh": "--liked 和 --disliked 只能用一个。",
        "en": "Give --liked or --disliked, not both.",
    },
    "ids_or_all": {
        "zh": "要删除哪几条？请给出编号，或只用 --all 删除全部。",
        "en": "Which answers? Give their ids, or --all alone for all of them.",
    },
    "missing_answer": {
        "zh": "哪一条记录？编号用 yigai history list 查看。",
        "en": "Which answer? The command 'yigai history list' names them.",
    },
    "confirm_forget": {"zh": "删除 {count} 条问答记录？", "en": "Remove {count} kept answers?"},
    "forgotten": {"zh": "已删除 {count} 条问答记录。", "en": "Removed {count} kept answers."},
    "asked_question": {"zh": "问题：{text}", "en": "Question: {text}"},
    "asked_within": {"zh": "限于：{text}", "en": "Restricted to: {text}"},
    "asked_before": {"zh": "之前问过：", "en": "Asked before:"},
    "since_year": {"zh": "{year} 年及以后", "en": "{year} or later"},
    "until_year": {"zh": "{year} 年及以前", "en": "{year} or earlier"},
    "unused": {"zh": "未引用", "en": "Read, not cited"},
    "nothing_unused": {"zh": "未引用：没有", "en": "Read, not cited: nothing"},
    "dropped": {"zh": "核对：以下句子没有通过，未放进回答", "en": "Checks: sentences left out, and why"},
    "nothing_dropped": {"zh": "核对：没有去掉任何句子", "en": "Checks: no sentence was left out"},
    "used_settings": {"zh": "设置：{text}", "en": "Settings: {text}"},
    "given_feedback": {"zh": "评价：{text}", "en": "Feedback: {text}"},
    "no_feedback": {"zh": "没有", "en": "none"},
    "same_answer": {"zh": "回答与当时相同。", "en": "The answer is the same as then."},
    "other_answer": {"zh": "回答与当时不同。", "en": "The answer is not the same as then."},
    "no_longer_cited": {"zh": "不再引用 {what}", "en": "no longer cited: {what}"},
    "newly_cited": {"zh": "新引用 {what}", "en": "newly cited: {what}"},
    "setting_differs": {"zh": "设置 {name}：{then} → {now}", "en": "setting {name}: {then} → {now}"},
    "unexpected": {
        "zh": "意外错误（{kind}）：{detail}。加上 --debug 再运行一次，可以看到详情。",
        "en": "Unexpected error ({kind}): {detail}. Run again with --debug for the details.",
    },
    "interrupted": {
        "zh": "已中断；文库完好，再运行一次即可继续。",
        "en": "Interrupted; the library is sound, run the command again to go on.",
    },
    "package_missing": {
        "zh": "缺少组件 {name}。请重新安装 yigai。",
        "en": "Package {name} is missing. Install yigai again.",
    },
    "no_fts5": {
        "zh": "这个 Python 的 SQLite 没有 FTS5，无法检索。请换一个 Python。",
        "en": "This Python's SQLite lacks FTS5; search cannot work. Use another Python.",
    },
    "stage_sample": {"zh": "准备样例文库", "en": "preparing the sample library"},
    "stage_ask": {"zh": "提问", "en": "asking"},
    "stage_mutate": {"zh": "检验核对器", "en": "testing the checker"},
    "stage_judge": {"zh": "评审", "en": "judging"},
    "stage_cosine": {"zh": "计算向量", "en": "encoding"},
    "stage_ingest": {"zh": "导入语料", "en": "reading the corpus"},
    "stage_queries": {"zh": "检索", "en": "searching"},
    "stage_questions": {"zh": "提问", "en": "asking"},
    "gates_held": {"zh": "{gates} 项门槛全部达到。", "en": "All {gates} gates held."},
    "gates_failed": {
        "zh": "{gates} 项门槛中有 {failed} 项未达到。",
        "en": "{failed} of {gates} gates failed.",
    },
    "report_written": {
        "zh": "报告：{path}（report.html report.json summary.md junit.xml）",
        "en": "Report: {path} (report.html report.json summary.md junit.xml)",
    },
    "retrieval_head": {
        "zh": "{dataset}：{queries} 个问题，{documents} 篇文档；{retriever}，{encoder}",
        "en": "{dataset}: {queries} queries, {documents} documents; {retriever}, {encoder}",
    },
    "refusal_head": {
        "zh": "{questions} 个问题各问两次：有答案的段落在库时，与取走之后（出错 {errors} 个）",
        "en": "{questions} questions, each asked twice: with the passages that answer it, and without ({errors} errors)",
    },
    "ready": {"zh": "是", "en": "yes"},
    "not_ready": {"zh": "否，首次使用时准备", "en": "no, it is prepared at first use"},
    "ui_loading": {"zh": "正在载入（编码器、文库、网页）……", "en": "Loading (encoder, library, page) …"},
    "ui_ready": {
        "zh": "就绪，文库有 {articles} 篇文章：{address} （英文：{address}en/；按 Ctrl+C 结束）",
        "en": "Ready, {articles} articles: {address}en/ (in Chinese: {address} ; Ctrl+C ends it)",
    },
    "ui_stopped": {"zh": "已结束。", "en": "Ended."},
    "new_password": {
        "zh": "{name} 的新密码（至少 8 个字符）：",
        "en": "New password for {name} (8 characters at least): ",
    },
    "password_again": {"zh": "再输入一次：", "en": "Once more: "},
    "passwords_differ": {"zh": "两次输入不一样，请重来。", "en": "These were not the same; once again."},
    "password_set": {
        "zh": "已在 {path} 中设置 {name} 的密码。",
        "en": "The password of {name} is set in {path}.",
    },
    "missing_name": {
        "zh": "给谁设置密码？例如：yigai password 张三 --auth accounts.txt。",
        "en": "Whose password? For example: yigai password zhang.san --auth accounts.txt.",
    },
    "all_well": {"zh": "一切正常。", "en": "All is well."},
    **FIGURE_STRINGS,
    **BRIEF_STRINGS,
    **LIBRARY_STRINGS,
    **MODEL_STRINGS,
}


def tell(key: str, language: Language, **values: object) -> str:
    """Return a sentence of the terminal in `language`."""
    return STRINGS[key][language].format(**values)


def step_name(step: str, *, by_model: bool) -> str:
    """Name the words for a step of the pipeline, after `step_`: a language model's sentences are checked as it writes."""
    return "compose_model" if by_model and step in ("compose", "verify") else step


def terminal_language(setting: str = "") -> Language:
    """The setting, else the terminal's locale: Chinese where it is Chinese, English otherwise."""
    if setting in ("zh", "en"):
        return "zh" if setting == "zh" else "en"
    name = next((os.environ[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(v)), "")
    return "zh" if (name or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
