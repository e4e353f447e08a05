"""Every word the terminal shows that no article wrote, in Chinese and English."""

from __future__ import annotations

import locale
import os

from rag.types import Language

STRINGS: dict[str, dict[Language, str]] = {
    "added": {"zh": "新增", "en": "added"},
    "replaced": {"zh": "更新", "en": "replaced"},
    "unchanged": {"zh": "未变", "en": "unchanged"},
    "same_as": {"zh": "重复", "en": "duplicate"},
    "moved": {"zh": "移动", "en": "moved"},
    "refused": {"zh": "未收", "en": "refused"},
    "missing": {"zh": "已不在", "en": "gone"},
    "removed": {"zh": "移除", "en": "removed"},
    "passages": {"zh": "{count} 段", "en": "{count} passages"},
    "untitled": {"zh": "（无标题）", "en": "(untitled)"},
    "same_as_note": {"zh": "与 {other} 内容相同", "en": "same bytes as {other}"},
    "moved_note": {"zh": "原在 {other}", "en": "was {other}"},
    "missing_note": {
        "zh": "文件已不在原处；文库中仍保留，用 --prune 移除",
        "en": "the file is gone; its article is kept, --prune removes it",
    },
    "kept_note": {"zh": "文库中原有的版本仍保留", "en": "the version already in the library is kept"},
    "nothing_changed": {
        "zh": "没有变化：{unchanged} 篇都已在文库中。",
        "en": "Nothing changed: all {unchanged} are in the library already.",
    },
    "ingest_total": {
        "zh": "新增 {added}，更新 {replaced}，未变 {unchanged}，未收 {refused}，移除 {removed}；文库现有 {articles} 篇、{passages} 段：{path}",
        "en": "{added} added, {replaced} replaced, {unchanged} unchanged, {refused} refused, {removed} removed; the library has {articles} articles, {passages} passages: {path}",
    },
    "reading": {"zh": "读取 {name}", "en": "reading {name}"},
    "evidence": {"zh": "依据", "en": "Evidence"},
    "refusal": {"zh": "未能回答", "en": "No answer"},
    "place": {"zh": "位置", "en": "at"},
    "undated": {"zh": "日期不详", "en": "undated"},
    "no_source": {"zh": "来源不详", "en": "source unknown"},
    "asked_as": {"zh": "理解为：{text}", "en": "Understood as: {text}"},
    "no_articles": {"zh": "文库里还没有文章。", "en": "The library holds no articles yet."},
    "removed_article": {
        "zh": "已从文库移除：{name}（原文件未动）",
        "en": "Removed from the library: {name} (its file is untouched)",
    },
    "confirm_remove": {
        "zh": "从文库移除“{name}”？原文件不会删除。",
        "en": "Remove {name!r} from the library? Its file stays.",
    },
    "cancelled": {"zh": "已取消。", "en": "Cancelled."},
    "sound": {"zh": "文库完好。", "en": "The library is sound."},
    "unsound": {
        "zh": "运行 yigai library repair 可以由记录重建索引和向量。",
        "en": "yigai library repair rebuilds indexes and vectors from the record.",
    },
    "repaired": {
        "zh": "已重建：{passages} 段的向量与索引。",
        "en": "Rebuilt: vectors and index of {passages} passages.",
    },
    "unknown_region": {"zh": "不认识地名“{name}”。", "en": "Unknown place {name!r}."},
    "did_you_mean": {"zh": "是不是：{names}？", "en": "Did you mean: {names}?"},
    "bad_years": {"zh": "--since 不能晚于 --until。", "en": "--since must not be later than --until."},
    "unexpected": {
        "zh": "意外错误（{kind}）：{detail}。加上 --debug 再运行一次，可以看到详情。",
        "en": "Unexpected error ({kind}): {detail}. Run again with --debug for the details.",
    },
    "interrupted": {
        "zh": "已中断；文库完好，再运行一次即可继续。",
        "en": "Interrupted; the library is sound, run the command again to go on.",
    },
    "all_well": {"zh": "一切正常。", "en": "All is well."},
}


def tell(key: str, language: Language, **values: object) -> str:
    """Return a sentence of the terminal in `language`."""
    return STRINGS[key][language].format(**values)


def terminal_language(setting: str = "") -> Language:
    """The setting, else the terminal's locale: Chinese where it is Chinese, English otherwise."""
    if setting in ("zh", "en"):
        return "zh" if setting == "zh" else "en"
    name = next((os.environ[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(v)), "")
    return "zh" if (name or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
