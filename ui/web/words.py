"""What the page says, in both languages."""

from __future__ import annotations

from rag.types import Language
from ui.strings import STRINGS

WORDS: dict[str, dict[Language, str]] = {
    # As at the terminal
    **{
        name: STRINGS[name]
        for name in (
            "untitled",
            "undated",
            "no_source",
            "unsupported_mark",
            "side_by_side",
            "silent",
            "figure_indicator",
            "figure_subject",
            "figure_value",
            "figure_when",
            "figure_clause",
            "no_figures",
        )
    },
    **{name: text for name, text in STRINGS.items() if name.startswith("step_")},
    "title": {"zh": "医改问答", "en": "Health Reform Q&A"},
    "motto": {
        "zh": "每一句都有出处；文章里没有的，如实说没有。",
        "en": "Every sentence has its source; what the articles do not say is not said.",
    },
    "other_language": {"zh": "English", "en": "中文"},
    "log_out": {"zh": "退出", "en": "Log out"},
    # Logging in
    "login_title": {"zh": "登录", "en": "Log in"},
    "login_lead": {"zh": "请登录后提问和查阅文章。", "en": "Log in to ask questions and read the articles."},
    "login_name": {"zh": "用户名", "en": "Name"},
    "login_password": {"zh": "密码", "en": "Password"},
    "login_wrong": {
        "zh": "用户名或密码不对，请再试一次。",
        "en": "The name or the password is wrong. Try again.",
    },
    "login_unreadable": {
        "zh": "表单内容无法读取，请重新填写。",
        "en": "The form could not be read. Fill it in again.",
    },
    "login_forgotten": {
        "zh": "忘记密码或还没有账户，请联系管理员。",
        "en": "If you forgot the password or have no account, ask the administrator.",
    },
    "skip": {"zh": "跳到提问框", "en": "Skip to the question"},
    "tab_ask": {"zh": "提问", "en": "Ask"},
    "tab_library": {"zh": "文库", "en": "Library"},
    "tab_figures": {"zh": "数据", "en": "Figures"},
    "tab_quality": {"zh": "质量", "en": "Quality"},
    # Ask
    "question": {"zh": "您的问题", "en": "Your question"},
    "question_hint": {
        "zh": "芜湖是怎么化债的？（回车发送）",
        "en": "How did Wuhu reduce debt? (Enter sends)",
    },
    "ask": {"zh": "提问", "en": "Ask"},
    "stop": {"zh": "停止", "en": "Stop"},
    "new_conversation": {"zh": "新对话", "en": "New conversation"},
    "earlier_conversations": {"zh": "以前的对话", "en": "Earlier conversations"},
    "no_conversations": {"zh": "还没有以前的对话。", "en": "There are no earlier conversations yet."},
    "delete_conversation": {"zh": "删除", "en": "Delete"},
    "delete_conversation_sure": {
        "zh": "删除这个对话？其中的回答将不再保留。",
        "en": "Delete this conversation? Its answers will no longer be kept.",
    },
    "conversation": {"zh": "对话", "en": "Conversation"},
    "turns": {"zh": "{count} 问", "en": "questions: {count}"},
    "filters": {"zh": "限定范围", "en": "Restrict the search"},
    "filter_region": {"zh": "地区（含所辖）", "en": "Region (with what lies in it)"},
    "filter_since": {"zh": "起始年份", "en": "From year"},
    "filter_until": {"zh": "截止年份", "en": "To year"},
    "filter_source": {"zh": "来源", "en": "Source"},
    "any": {"zh": "不限", "en": "Any"},
    "within": {"zh": "限定：{what}", "en": "Within: {what}"},
    "since": {"zh": "{year} 年起", "en": "from {year}"},
    "until": {"zh": "至 {year} 年", "en": "to {year}"},
    "welcome": {
        "zh": "文库里有 {articles} 篇文章。可以这样问：",
        "en": "Articles in the library: {articles}. You could ask:",
    },
    "welcome_plain": {
        "zh": "文库里有 {articles} 篇文章。请在下面提问。",
        "en": "Articles in the library: {articles}. Ask below.",
    },
    "welcome_empty": {
        "zh": "文库还是空的。请先到“文库”一栏添加文章。",
        "en": "The library is empty. Add articles under “Library” first.",
    },
    "you_asked": {"zh": "问：", "en": "Asked: "},
    "asked_as": {"zh": "理解为：{text}", "en": "Understood as: {text}"},
    "answer": {"zh": "回答", "en": "Answer"},
    "refused": {"zh": "未作回答", "en": "Not answered"},
    "evidence": {"zh": "依据", "en": "Evidence"},
    "evidence_count": {"zh": "依据（{count}）", "en": "Evidence ({count})"},
    "evidence_number": {"zh": "依据 {number}", "en": "Evidence {number}"},
    "open_article": {"zh": "在原文中查看", "en": "See it in the article"},
    "unused": {"zh": "未引用（{count}）", "en": "Not cited ({count})"},
    "unused_hint": {
        "zh": "检索到、读过，但回答没有引用的段落。",
        "en": "Passages that were found and read, and that the answer does not cite.",
    },
    "nearest": {"zh": "最接近的段落（{count}）", "en": "Nearest passages ({count})"},
    "nearest_hint": {
        "zh": "检索到的段落不足以回答，供参考。",
        "en": "These were found, and do not answer the question.",
    },
    "offer": {"zh": "文库里有答案的问题：", "en": "Questions the library can answer:"},
    "gone": {"zh": "这篇文章已不在文库中。", "en": "This article is no longer in the library."},
    "changed": {
        "zh": "原文已更新，此处为回答时的文字。",
        "en": "The article has changed since; this is its text at the time.",
    },
    "earlier": {
        "zh": "原文已更新，引自早先的版本（{when} 以前）。",
        "en": "The article has changed since; this is from an earlier version (until {when}).",
    },
    "see_present": {"zh": "查看现在的文章", "en": "See the article as it is now"},
    "is_earlier": {
        "zh": "这是早先的版本（{when} 以前），不是现在的文章。",
        "en": "This is an earlier version (until {when}), not the article as it is now.",
    },
    "no_such_version": {
        "zh": "文库里没有这篇文章的这个版本。",
        "en": "The library does not have this version of the article.",
    },
    "copy": {"zh": "复制回答和出处", "en": "Copy with sources"},
    "copied": {"zh": "已复制", "en": "Copied"},
    "like": {"zh": "有用", "en": "Useful"},
    "dislike": {"zh": "有问题", "en": "Something is wrong"},
    "reason": {"zh": "为什么？（可不填）", "en": "Why? (optional)"},
    "send": {"zh": "提交", "en": "Send"},
    "thanks": {"zh": "已记录，谢谢。", "en": "Noted, thank you."},
    "rate_failed": {"zh": "没有记下，请再试一次。", "en": "This was not noted; please try again."},
    "waiting": {"zh": "前面还有 {ahead} 人，请稍候……", "en": "{ahead} before you, one moment …"},
    "failed": {
        "zh": "出了意外错误，回答没有完成。请再问一次；如果仍然出错，请告诉管理员。",
        "en": "Something unexpected went wrong. Please ask again; if it happens again, tell your administrator.",
    },
    "arrived": {"zh": "回答已就绪。", "en": "The answer is ready."},
    "sources": {"zh": "出处", "en": "Sources"},
    "place": {"zh": "第 {start}–{end} 字", "en": "characters {start}–{end}"},
    # Article
    "article": {"zh": "原文", "en": "Article"},
    "close": {"zh": "关闭", "en": "Close"},
    "own_page": {"zh": "单独打开", "en": "Open on its own"},
    "link": {"zh": "原网页", "en": "Original page"},
    "no_such_article": {
        "zh": "文库里没有这篇文章，可能已被移出。",
        "en": "There is no such article in the library; it may have been removed.",
    },
    # Briefings
    "tab_brief": {"zh": "讲稿", "en": "Briefing"},
    "brief_topic": {"zh": "主题", "en": "Topic"},
    "brief_topic_hint": {
        "zh": "公立医院化债、编制改革、紧密型医共体……",
        "en": "debt of public hospitals, staffing quotas, county medical consortia …",
    },
    "brief_write": {"zh": "写讲稿", "en": "Write it"},
    "brief_lead": {
        "zh": "按主题把文库里的做法、数字和时间整理成讲稿：每一行都有出处，文章没说的如实注明。可以删改、加备注，再导出。",
        "en": "What the library says on a topic, arranged to teach from: every line has its source, and silence is said. Shorten it, add notes, export it.",
    },
    "brief_no_topic": {"zh": "请先写主题。", "en": "Name a topic first."},
    "brief_years": {"zh": "起始年份晚于截止年份。", "en": "The first year is later than the last."},
    "brief_asking": {"zh": "已问 {done} / {all}", "en": "{done} of {all} questions asked"},
    "brief_gone": {
        "zh": "这份讲稿已不在内存里，请重新写一份。",
        "en": "This briefing is no longer at hand; please write it again.",
    },
    "brief_nothing_there": {
        "zh": "那一处已经不在了，讲稿没有改动。",
        "en": "That is no longer there; nothing was changed.",
    },
    "brief_no_words": {"zh": "请写些什么（2000 字以内）。", "en": "Write something (up to 2000 characters)."},
    "brief_failed": {
        "zh": "出了意外错误，讲稿没有写成。请再试一次；如果仍然出错，请告诉管理员。",
        "en": "Something unexpected went wrong. Please try again; if it happens again, tell your administrator.",
    },
    "brief_download": {"zh": "下载：", "en": "Download:"},
    "brief_docx": {"zh": "Word 文档", "en": "Word"},
    "brief_pptx": {"zh": "幻灯片", "en": "Slides"},
    "brief_html": {"zh": "网页", "en": "Web page"},
    "brief_md": {"zh": "Markdown 文本", "en": "Markdown"},
    "brief_json": {"zh": "数据（JSON）", "en": "Data (JSON)"},
    "brief_edit_hint": {
        "zh": "✕ 删去一行、一节或一张图；没有再被引用的来源随之删去。引文本身不能改，自己的话请写成备注。",
        "en": "✕ takes out a line, a section or a chart, and sources that nothing cites any more. Quotations stay as they are; your own words go into notes.",
    },
    "brief_title": {"zh": "讲稿标题", "en": "Title of the briefing"},
    "brief_heading": {"zh": "小标题", "en": "Heading"},
    "brief_rename": {"zh": "改标题", "en": "Rename"},
    "brief_rename_do": {"zh": "改", "en": "Rename"},
    "brief_change": {"zh": "改小标题、加备注", "en": "Rename, add a note"},
    "brief_note": {"zh": "备注", "en": "Note"},
    "brief_note_hint": {"zh": "自己的话，例如讨论题", "en": "Your own words: a question to discuss"},
    "brief_note_do": {"zh": "加备注", "en": "Add a note"},
    "brief_own": {"zh": "（讲者备注，无出处）", "en": "(the trainer's note, without a source)"},
    "brief_drop": {"zh": "删去 {what}", "en": "Take out {what}"},
    # Library
    "search_library": {"zh": "查找文章", "en": "Find articles"},
    "search_hint": {"zh": "标题、来源、地区或年份", "en": "Title, source, region or year"},
    "column_title": {"zh": "标题", "en": "Title"},
    "column_date": {"zh": "日期", "en": "Date"},
    "column_source": {"zh": "来源", "en": "Source"},
    "column_regions": {"zh": "地区", "en": "Regions"},
    "column_passages": {"zh": "段", "en": "Passages"},
    "column_remove": {"zh": "移出", "en": "Remove"},
    "articles_found": {"zh": "{found} 篇文章", "en": "Articles: {found}"},
    "articles_shown": {
        "zh": "共 {found} 篇，显示前 {shown} 篇",
        "en": "Articles: {found}, the first {shown} shown",
    },
    "none_found": {"zh": "没有符合的文章。", "en": "No article matches."},
    "remove": {"zh": "移出", "en": "Remove"},
    "remove_named": {"zh": "移出《{title}》", "en": "Remove “{title}”"},
    "remove_sure": {"zh": "把《{title}》移出文库？", "en": "Remove “{title}” from the library?"},
    "removed": {"zh": "已移出《{title}》。", "en": "“{title}” has been removed."},
    "remove_failed": {
        "zh": "文章已移出，但上传的文件没能删除；请告诉管理员。",
        "en": "The article is removed, but its file could not be deleted; tell your administrator.",
    },
    "cancel": {"zh": "取消", "en": "Cancel"},
    "add": {"zh": "添加文章", "en": "Add articles"},
    "add_hint": {
        "zh": "{types}。每个文件不超过 {mb} MB，一次最多 {most} 个。整篇读好之后才进入文库。",
        "en": "{types}. Up to {mb} MB each, at most {most} at a time. An article enters the library only when whole.",
    },
    "files": {"zh": "选择或拖入文件", "en": "Choose files or drop them here"},
    "add_button": {"zh": "加入文库", "en": "Add to the library"},
    "nothing_chosen": {"zh": "请先选择文件。", "en": "Choose files first."},
    "reading": {"zh": "正在读取 {name}", "en": "Reading {name}"},
    "report": {"zh": "处理结果", "en": "What became of each file"},
    "more_outcomes": {
        "zh": "另有 {count} 个文件处理正常，未一一列出。",
        "en": "Files that went well and are not listed: {count}.",
    },
    "too_many": {
        "zh": "一次最多 {most} 个文件，其余请分批添加。",
        "en": "At most {most} files at a time; add the rest in further batches.",
    },
    "intake_failed": {
        "zh": "出了意外错误，文件没有全部加入。请再试一次；如果仍然出错，请告诉管理员。",
        "en": "Something unexpected went wrong; not every file was added. Please try again, or tell your administrator.",
    },
    "read_only": {
        "zh": "文库只读，不能添加或移出文章。",
        "en": "The library is read-only: nothing can be added or removed.",
    },
    # Figures
    "figure_indicator_hint": {"zh": "如：资产负债率、床位", "en": "such as debt ratio, beds"},
    "figure_region_hint": {"zh": "如：安徽、芜湖市、全国", "en": "such as Anhui, Wuhu, national"},
    "figure_find": {"zh": "查找数据", "en": "Find figures"},
    "figures_listed": {"zh": "{found} 条数据", "en": "Rows: {found}"},
    "figures_shown": {
        "zh": "共 {found} 条，显示前 {shown} 条；下载的表格里有全部",
        "en": "Rows: {found}, the first {shown} shown; the spreadsheet has all",
    },
    "figures_download": {"zh": "下载表格（CSV）", "en": "Download the spreadsheet (CSV)"},
    # Quality
    "no_report": {
        "zh": "还没有评测报告。运行 yigai eval run 之后，报告会出现在这里。",
        "en": "There is no evaluation report yet. Run “yigai eval run”, and it will appear here.",
    },
    "report_of": {"zh": "最近一次评测：{when}", "en": "The latest evaluation: {when}"},
    "report_open": {"zh": "单独打开报告", "en": "Open the report on its own"},
    "report_title": {"zh": "评测报告", "en": "Evaluation report"},
}


def word(key: str, language: Language, **values: object) -> str:
    """Return a text of the page in `language`."""
    return WORDS[key][language].format(**values)


def separator(language: Language) -> str:
    """What stands between the items of a list."""
    return "、" if language == "zh" else ", "
