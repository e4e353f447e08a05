"""What the terminal tells of figures as data, in Chinese and English; part of `ui.strings`."""

from __future__ import annotations

from rag.types import Language

FIGURE_STRINGS: dict[str, dict[Language, str]] = {
    "figure_indicator": {"zh": "指标", "en": "Indicator"},
    "figure_subject": {"zh": "地区或单位", "en": "Place or body"},
    "figure_value": {"zh": "数值", "en": "Value"},
    "figure_when": {"zh": "时间", "en": "Time"},
    "figure_clause": {"zh": "原文分句", "en": "The article's clause"},
    "figure_nationwide": {"zh": "全国", "en": "nationwide"},
    "figure_unnamed": {"zh": "（未说明）", "en": "(not named)"},
    "figure_computed": {"zh": "相差 {amount}（计算得出）", "en": "difference {amount} (computed)"},
    "figure_change_up": {"zh": "增加 {amount}", "en": "up by {amount}"},
    "figure_change_down": {"zh": "减少 {amount}", "en": "down by {amount}"},
    "figure_change": {"zh": "变动 {amount}", "en": "a change of {amount}"},
    "figure_planned": {"zh": "计划或目标", "en": "planned"},
    "figure_from_date": {"zh": "按文章日期推算", "en": "by the article's date"},
    "figure_context": {"zh": "据上下文", "en": "from the context"},
    "figures_found": {
        "zh": "共 {total} 个数据，来自 {articles} 篇文章。",
        "en": "Figures: {total}; articles: {articles}.",
    },
    "figures_cut": {
        "zh": "另有 {more} 个没有列出；要多列，用 --limit {total}，或用 --csv、--json 全部输出。",
        "en": "{more} more are not listed; use --limit {total}, or --csv or --json for all.",
    },
    "no_figures": {"zh": "没有符合条件的数据。", "en": "No figure fits."},
    "no_figures_at_all": {
        "zh": "文库的文章里没有数据。",
        "en": "The articles of the library hold no figures.",
    },
    "figures_indicators": {"zh": "有这些指标：{names}", "en": "There are these indicators: {names}"},
    "figures_regions": {"zh": "有这些地区：{names}", "en": "There are these places: {names}"},
    "figures_units": {"zh": "有这些单位：{names}", "en": "There are these units: {names}"},
    "figures_one_form": {
        "zh": "--json 和 --csv 只能用一个。",
        "en": "Only one of --json and --csv can be used.",
    },
    "stage_figures": {"zh": "读数据", "en": "reading figures"},
}
