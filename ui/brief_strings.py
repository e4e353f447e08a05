"""What the terminal tells of briefings, in Chinese and English; part of `ui.strings`."""

from __future__ import annotations

from rag.types import Language

BRIEF_STRINGS: dict[str, dict[Language, str]] = {
    "missing_topic": {
        "zh": "什么主题？例如：yigai brief 公立医院化债 --out 简报.docx。",
        "en": "On which topic? For example: yigai brief 公立医院化债 --out briefing.docx.",
    },
    "brief_suffix": {
        "zh": "{path} 的扩展名 {suffix!r} 不认识；可以是 {known}。",
        "en": "{path} ends in {suffix!r}, which is not known; it may end in {known}.",
    },
    "brief_exists": {
        "zh": "{path} 已经存在；换一个名字，或用 --force 覆盖。",
        "en": "{path} is there already; choose another name, or overwrite it with --force.",
    },
    "brief_no_folder": {
        "zh": "没有 {folder} 这个文件夹；请先建好，或换一个位置。",
        "en": "There is no folder {folder}; make it first, or choose another place.",
    },
    "brief_unwritten": {
        "zh": "{path} 写不了：{why}。请换一个位置。",
        "en": "{path} cannot be written: {why}. Choose another place.",
    },
    "brief_written": {
        "zh": "已写好：{path}（{lines} 句，{sources} 处来源；每一句都与所引原文核对过）。",
        "en": "Written: {path} ({lines} lines, {sources} sources; every line was checked against what it cites).",
    },
    "brief_empty_written": {
        "zh": "已写好：{path}，其中只说明资料中未提及。",
        "en": "Written: {path}, which only says that the articles do not mention it.",
    },
    "brief_dropped": {
        "zh": "另有 {count} 句没有通过核对，未列入。",
        "en": "Left out, as what they cite did not prove them: {count} lines.",
    },
    "brief_left_out": {
        "zh": "还有 {count} 个地方的资料没有列入：{names}。要列入请用 --regions 指定。",
        "en": "Not taken in, though the articles speak of them: {count} places ({names}). Name them with --regions to have them.",
    },
    "brief_asking": {"zh": "提问：{question}", "en": "Asking: {question}"},
}
