"""What the terminal tells of reading articles and of the library, in Chinese and English; part of `ui.strings`."""

from __future__ import annotations

from rag.types import Language

LIBRARY_STRINGS: dict[str, dict[Language, str]] = {
    "added": {"zh": "新增", "en": "added"},
    "replaced": {"zh": "更新", "en": "replaced"},
    "unchanged": {"zh": "未变", "en": "unchanged"},
    "same_as": {"zh": "重复", "en": "duplicate"},
    "moved": {"zh": "移动", "en": "moved"},
    "refused": {"zh": "未收", "en": "refused"},
    "missing": {"zh": "已不在", "en": "gone"},
    "removed": {"zh": "移除", "en": "removed"},
    "opened": {"zh": "打开", "en": "opened"},
    "skipped": {"zh": "跳过", "en": "skipped"},
    "passages": {"zh": "{count} 段", "en": "{count} passages"},
    "same_as_note": {"zh": "与 {other} 内容相同", "en": "same bytes as {other}"},
    "moved_note": {"zh": "原在 {other}", "en": "was {other}"},
    "missing_note": {
        "zh": "文件已不在原处；文库中仍保留，用 --prune 移除",
        "en": "the file is gone; its article is kept, --prune removes it",
    },
    "kept_note": {"zh": "文库中原有的版本仍保留", "en": "the version already in the library is kept"},
    "skipped_note": {"zh": "不读这类文件", "en": "files of this kind are not read"},
    "members": {"zh": "里面有 {count} 篇", "en": "articles in it: {count}"},
    "kind_documents": {"zh": "文档 {suffixes}", "en": "documents {suffixes}"},
    "kind_texts": {"zh": "文本和网页 {suffixes}", "en": "texts and web pages {suffixes}"},
    "kind_tables": {"zh": "一行一篇的表格 {suffixes}", "en": "tables with an article a row {suffixes}"},
    "kind_archives": {"zh": "压缩包 {suffixes}", "en": "archives {suffixes}"},
    "semicolon": {"zh": "；", "en": "; "},
    "skipped_files": {
        "zh": "其他类型的文件，跳过 {count} 个：{names}（能读：{kinds}）",
        "en": "skipped, as of other kinds: {count} ({names}); these are read: {kinds}",
    },
    "and_more": {"zh": " 等", "en": ", …"},
    "nothing_changed": {
        "zh": "没有变化：{unchanged} 篇都已在文库中。",
        "en": "Nothing changed: all {unchanged} are in the library already.",
    },
    "fetched": {
        "zh": "网页：新取 {new} 个，有变化 {changed} 个，没有变化 {same} 个，取不到 {failed} 个",
        "en": "pages: {new} new, {changed} changed, {same} as before, {failed} not fetched",
    },
    "not_fetched": {"zh": "取不到  {url}  {why}", "en": "not fetched  {url}  {why}"},
    "watch_or_fetch": {
        "zh": "--watch 跟踪的是文件夹，不能与 --url、--sitemap 同用。",
        "en": "--watch follows folders; it does not go with --url or --sitemap.",
    },
    "nothing_found": {
        "zh": "这里没有文章（能读：{kinds}）。",
        "en": "There are no articles here (these are read: {kinds}).",
    },
    "outcome_count": {"zh": "{outcome} {count}", "en": "{count} {outcome}"},
    "library_now": {
        "zh": "文库现有 {articles} 篇、{passages} 段：{path}",
        "en": "The library has {articles} articles, {passages} passages: {path}",
    },
    "reading": {"zh": "读取 {name}", "en": "reading {name}"},
    "watching": {
        "zh": "正在跟踪 {paths}，有变化就导入（按 Ctrl+C 结束）",
        "en": "Watching {paths}; changes are read as they come (Ctrl+C ends it)",
    },
    "watching_slowly": {
        "zh": "系统不能通知文件变化（{why}），改为定时查看",
        "en": "the system cannot tell of changes ({why}); looking for them from time to time",
    },
    "watch_trouble": {
        "zh": "这次没有导入成：{why} 稍后重试。",
        "en": "This could not be read in: {why} It is tried again in a moment.",
    },
    "watch_ended": {"zh": "已结束跟踪：{totals}", "en": "Ended: {totals}"},
    "watch_nothing": {"zh": "期间没有变化", "en": "nothing changed meanwhile"},
    "no_articles": {"zh": "文库里还没有文章。", "en": "The library holds no articles yet."},
    "removed_article": {
        "zh": "已从文库移除：{name}（原文件未动）",
        "en": "Removed from the library: {name} (its file is untouched)",
    },
    "confirm_remove": {
        "zh": "从文库移除“{name}”？原文件不会删除。",
        "en": "Remove {name!r} from the library? Its file stays.",
    },
    "sound": {"zh": "文库完好：{path}", "en": "The library is sound: {path}"},
    "to_a_folder": {"zh": "“{path}”是一个文件夹，请给出文件名。", "en": "{path!r} is a folder; name a file."},
    "to_no_folder": {
        "zh": "“{path}”所在的文件夹不存在。",
        "en": "The folder of {path!r} does not exist.",
    },
    "to_overwrite": {
        "zh": "文件“{path}”已经存在；换一个文件名，或用 --force 覆盖。",
        "en": "The file {path!r} is there already; name another, or overwrite it with --force.",
    },
    "no_exported": {"zh": "没有文件“{path}”。", "en": "There is no file {path!r}."},
    "exporting": {"zh": "正在导出", "en": "exporting"},
    "exported": {
        "zh": "已导出 {articles} 篇文章、{versions} 个早先的版本、{answers} 条问答：{path}",
        "en": "Exported {articles} articles, {versions} earlier versions, {answers} kept answers: {path}",
    },
    "imported": {
        "zh": "新增 {added} 篇，原有 {unchanged} 篇，内容不同而两份都留下的 {kept_both} 篇；"
        "早先的版本 {versions} 个，问答 {answers} 条",
        "en": "{added} articles added, {unchanged} there already, {kept_both} with another text, of which both are "
        "kept; {versions} earlier versions, {answers} kept answers",
    },
    "importing": {"zh": "导入文章", "en": "taking articles in"},
    "missing_to": {
        "zh": "导出到哪个文件？例如：yigai library export 文库备份.zip。",
        "en": "Into which file? For example: yigai library export backup.zip.",
    },
    "missing_exported": {
        "zh": "导入哪个文件？例如：yigai library import 文库备份.zip。",
        "en": "Which file? For example: yigai library import backup.zip.",
    },
    "earlier_versions": {
        "zh": "早先的版本（--version 编号 可查看）",
        "en": "earlier versions (--version N shows one)",
    },
    "until_when": {"zh": "{when} 以前", "en": "until {when}"},
    "chars": {"zh": "{count} 字", "en": "{count} characters"},
    "other_printings": {"zh": "其他刊载", "en": "also printed"},
    "is_correction": {"zh": "有更正", "en": "with corrections"},
    "shown_version": {
        "zh": "这是早先的第 {number} 版（{when} 以前），不是现在的文章",
        "en": "This is earlier version {number} (until {when}), not the article as it is now",
    },
    "also_printed": {"zh": "另见：{names}", "en": "also printed by {names}"},
    "also_corrected": {"zh": "文字有更正的另一版：{names}", "en": "printed with corrections by {names}"},
    "quoted_now": {"zh": "现在的文章", "en": "the article as it is now"},
    "unsound": {
        "zh": "索引和向量可以由记录重建：yigai library repair --library {path}",
        "en": "Rebuild indexes and vectors from the record: yigai library repair --library {path}",
    },
    "repaired": {
        "zh": "已重建：{passages} 段的向量与索引。",
        "en": "Rebuilt: vectors and index of {passages} passages.",
    },
    "repair_articles": {"zh": "保住的文章", "en": "articles saved"},
    "repair_answers": {"zh": "保住的问答", "en": "kept answers saved"},
    "repair_lost": {
        "zh": "读不出来的文章；重新导入原文件即可恢复",
        "en": "articles lost; ingesting their files brings them back",
    },
    "repair_resplit": {
        "zh": "重新分段的文章；下次导入时恢复原样",
        "en": "articles split anew; the next ingest makes them as they were",
    },
    "repair_unplaced": {
        "zh": "不再知道来自哪个文件的文章",
        "en": "articles whose files are not known any more",
    },
    "repair_lost_answers": {"zh": "读不出来的问答", "en": "kept answers lost"},
    "repair_lost_versions": {"zh": "读不出来的早先版本", "en": "earlier versions lost"},
    "repair_damaged_file": {"zh": "损坏的文件留在", "en": "the damaged file is kept as"},
    "no_such_article": {
        "zh": "没有编号以“{name}”开头或标题为“{name}”的文章。",
        "en": "No article has an id that starts with {name!r}, or that title.",
    },
    "several_articles": {"zh": "有 {count} 篇文章与“{name}”相符。", "en": "{count} articles match {name!r}."},
    "missing_paths": {
        "zh": "要导入哪些文件或文件夹？例如：yigai ingest ~/文章。",
        "en": "Which files or folders? For example: yigai ingest ~/articles.",
    },
    "missing_article": {
        "zh": "哪一篇文章？编号用 yigai library list 查看。",
        "en": "Which article? The command 'yigai library list' names them.",
    },
    "article_gone": {"zh": "文章已不在文库：{article}", "en": "article no longer in the library: {article}"},
    "article_changed": {
        "zh": "文章已改动，当时引用的位置不再是原文：{article}",
        "en": "article changed, its text is no longer the quote where it was cited: {article}",
    },
    "article_earlier": {
        "zh": "文章已改动，引文在早先的第 {version} 版（{when} 以前）：{article}",
        "en": "article changed, the quote stands in its earlier version {version} (until {when}): {article}",
    },
    "quote_gone": {
        "zh": "[{number}] 文章已不在文库中：{article}",
        "en": "[{number}] the article is no longer in the library: {article}",
    },
    "quote_changed": {
        "zh": "[{number}] 文章已改动，留下的版本里都没有这段引文；现在的文章：yigai library show {article}",
        "en": "[{number}] the article has changed, and no version that is kept has the quote; "
        "as it is now: yigai library show {article}",
    },
    "quote_earlier": {
        "zh": "[{number}] 引自早先的第 {version} 版（{when} 以前）：yigai library show {article} --version {version}；"
        "现在的文章：yigai library show {article}",
        "en": "[{number}] quoted from earlier version {version} (until {when}): yigai library show {article} "
        "--version {version}; as it is now: yigai library show {article}",
    },
    "quotes_since": {"zh": "引文出处的变化", "en": "What has become of the places quoted"},
}
