"""Reading pages of many layouts: the article, whole, and nothing else."""

import pytest

from ingest.decode import decode
from ingest.markup import read_markup
from ingest.webpage import read_page

PARAGRAPHS = (
    "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理，医保按人头打包付费。",
    "一年下来，留在县里看病的人从七成升到了八成半，医保基金第一次有了结余，结余由医院用来发奖金。",
    "院长说，改革的难处不在分钱，而在分权：谁来任命院长，谁来定编制，部门之间谈了整整一个夏天。",
    "省里的评估组认为，这套办法能不能推开，要看财政能不能补足公共卫生这一块的投入，也要看人。",
)
TITLE = "三家县医院合成一家以后的第一年"
LINE = "发布日期：2023-05-06 10:00　来源：某某日报　浏览次数：128"
MENU = "".join(f'<a href="/{i}">栏目第{i}号</a> ' for i in range(24))
NEWS = "".join(f'<li><a href="/n{i}">第{i}条别的新闻标题写在这里</a> 05-0{i % 9 + 1}</li>' for i in range(12))
FOOT = "<div>版权所有 某某县人民政府 备案号：某ICP备00000000号</div>"


def document(body, title=f"{TITLE}_新闻动态_某某县人民政府"):
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


def ps(texts=PARAGRAPHS):
    return "".join(f"<p>{text}</p>" for text in texts)


def read(markup):
    page = read_page(markup)
    return [block.text for block in page.blocks], page.facts


LAYOUTS = {
    "divisions": f"<div>{MENU}</div><h1>{TITLE}</h1><p>{LINE}</p><div>{ps()}</div><ul>{NEWS}</ul>{FOOT}",
    "tables of the 2000s": (
        f"<table><tr><td>{MENU}</td></tr></table><table><tr><td><ul>{NEWS}</ul></td><td><table>"
        f"<tr><td align=center><b>{TITLE}</b></td></tr><tr><td>{LINE}</td></tr>"
        f"<tr><td>{'<br><br>　　'.join(PARAGRAPHS)}</td></tr></table></td></tr></table><table><tr><td>{FOOT}</td></tr></table>"
    ),
    "divisions and breaks": (
        f"<div>{MENU}</div><div><div>{TITLE}</div><div>{LINE}</div><div>{'<br/>'.join(PARAGRAPHS)}</div></div>{FOOT}"
    ),
    "a division each": (
        f"<div>{MENU}</div><h2>{TITLE}</h2><div>{LINE}</div><div>"
        + "".join(f"<div><span>{text}</span></div>" for text in PARAGRAPHS)
        + f"</div><ul>{NEWS}</ul>{FOOT}"
    ),
    "sections and spans of a public account": (
        f'<h1>{TITLE}</h1><div><span>某某发布</span><em>2023-05-06</em></div><div style="visibility:hidden">'
        + "".join(
            f"<section><section><p><span>{t[:20]}</span><span>{t[20:]}</span></p></section></section>"
            for t in PARAGRAPHS
        )
        + "</div><div>微信扫一扫</div><div>关注该公众号</div>"
    ),
    "comments longer than the article": (
        f"<div>{MENU}</div><h1>{TITLE}</h1><div>{LINE}</div><div>{ps()}</div><h3>网友评论</h3><div>"
        + "".join(
            f"<div><b>网友{i}</b><p>我觉得这篇文章说得有道理，但是我们县里的情况不一样，医生都走了，第{i}条。</p></div>"
            for i in range(30)
        )
        + "</div>"
    ),
    "a sidebar first": f"<div><ul>{NEWS}</ul></div><div><h1>{TITLE}</h1><div>{LINE}</div>{ps()}</div>{FOOT}",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_article_is_read_whole_and_alone(name):
    texts, facts = read(document(LAYOUTS[name]))

    assert [text for text in texts if len(text) > 30] == list(PARAGRAPHS)
    assert not [
        text for text in texts if "栏目第" in text or "别的新闻" in text or "网友" in text or "备案" in text
    ]
    assert facts["title"] == TITLE
    assert facts["date"].startswith("2023-05-06")


def test_a_page_in_gbk_that_says_gb2312_is_read():
    body = LAYOUTS["tables of the 2000s"].replace("院长说", "院长朱镕说")
    head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    content = f"<html><head>{head}<title>{TITLE}</title></head><body>{body}</body></html>".encode("gbk")

    blocks = read_markup(decode(content).text, suffix=".htm").blocks

    assert any(block.text.startswith("院长朱镕说") for block in blocks)


def test_a_traditional_page_is_read():
    texts = (
        "縣裡把三家醫院和十二家衛生院合成一個集團，人員、資金和藥品由集團統一管理，醫保按人頭打包付費。",
        "一年下來，留在縣裡看病的人從七成升到了八成半，醫保基金第一次有了結餘，結餘由醫院用來發獎金。",
    )
    page = document(
        f"<div>{MENU}</div><h1>醫院合併以後的第一年</h1>{ps(texts)}<ul>{NEWS}</ul>", "醫院合併以後的第一年"
    )

    assert [text for text in read(page)[0] if len(text) > 30] == list(texts)


def test_a_gallery_with_little_text_keeps_it():
    images = "".join(f'<a href="/p{i}"><img src="{i}.jpg"></a>' for i in range(9))
    caption = "图为五月六日，县医院的医生在山上的村卫生室给老人量血压，这样的巡诊每个月有两次。"

    texts, _ = read(
        document(f"<div>{MENU}</div><h1>{TITLE}</h1><div>{images}<p>{caption}</p></div><ul>{NEWS}</ul>")
    )

    assert caption in texts


def test_a_notice_keeps_its_attachments():
    notice = (
        "各县（市、区）卫生健康局，市直有关单位：",
        *PARAGRAPHS,
        "附件：1.县域医共体建设考核办法",
        "2.考核指标表",
        "某某市卫生健康委员会",
        "2023年5月6日",
    )
    texts, _ = read(
        document(f"<div>{MENU}</div><h1>{TITLE}</h1><div>{LINE}</div><div>{ps(notice)}</div>{FOOT}")
    )

    assert texts[: len(notice)] == list(notice)


def test_an_official_record_becomes_facts_and_no_text():
    record = (
        "<table><tr><td>索 引 号：</td><td>000014349/2015-00050</td><td>主题分类：</td><td>卫生</td></tr>"
        "<tr><td>发文机关：</td><td>国务院办公厅</td><td>成文日期：</td><td>2015年05月06日</td></tr>"
        "<tr><td>发文字号：</td><td>国办发〔2015〕38号</td><td>发布日期：</td><td>2015年05月17日</td></tr></table>"
    )
    texts, facts = read(document(f"<div>{MENU}</div>{record}<h1>{TITLE}</h1><div>{ps()}</div>{FOOT}"))

    assert facts["issuer"] == "国务院办公厅"
    assert facts["doc_number"] == "国办发〔2015〕38号"
    assert facts["date"] == "2015年05月17日"
    assert not any("索" in text or "38号" in text for text in texts)


def test_an_official_record_in_a_list_is_read():
    record = (
        "<ul><li>索引号：11330000/2020-001</li><li>发布机构：省卫生健康委</li><li>文号：浙卫发〔2020〕5号</li>"
        "<li>公开日期：2020-03-04</li></ul>"
    )
    texts, facts = read(document(f"<div>{MENU}</div>{record}<h1>{TITLE}</h1><div>{ps()}</div>{FOOT}"))

    assert (facts["issuer"], facts["doc_number"]) == ("省卫生健康委", "浙卫发〔2020〕5号")
    assert texts[0] == PARAGRAPHS[0]


def test_a_table_in_an_article_keeps_its_rows():
    table = (
        "<table><tr><th>地区</th><th>床位数</th></tr><tr><td><p>甲县</p></td><td><p>120</p></td></tr>"
        "<tr><td><p>乙县</p></td><td><p>95</p></td></tr></table>"
    )
    page = read_page(
        document(f"<div>{MENU}</div><h1>{TITLE}</h1><div>{ps()}{table}{ps(PARAGRAPHS[2:])}</div>{FOOT}")
    )

    assert [block.text for block in page.blocks if block.kind == "row"] == [
        "地区：甲县，床位数120",
        "地区：乙县，床位数95",
    ]


def test_a_list_of_links_is_no_article():
    texts, _ = read(document(f"<div>{MENU}</div><ul>{NEWS}</ul>{FOOT}", "新闻动态"))

    assert not [text for text in texts if len(text) > 40]


def test_a_frameset_has_no_text_of_its_own():
    texts, facts = read(
        f'<html><head><title>{TITLE}</title></head><frameset cols="20%,80%"><frame src="a.htm"><frame src="b.htm"></frameset></html>'
    )

    assert texts == []
    assert facts["title"] == TITLE


def test_the_date_of_a_clock_is_not_the_articles():
    page = document(
        f"<div>今天是2026年11月24日 星期二</div><div>{MENU}</div><h1>{TITLE}</h1><div>{LINE}</div><div>{ps()}</div>"
    )

    assert read(page)[1]["date"].startswith("2023-05-06")


def test_the_column_is_the_last_entry_of_the_trail():
    trail = "<div>您当前的位置：首页 &gt; 新闻中心 &gt; 医改动态 &gt; 正文</div>"

    assert read(document(f"{trail}<h1>{TITLE}</h1><div>{ps()}</div>"))[1]["column"] == "医改动态"


def test_a_site_name_alone_is_no_headline():
    page = document(
        f"<div>{MENU}</div><p>县医院合成一家，看病留在县里</p><p>{LINE}</p><div>{ps()}</div>", "某某新闻网站"
    )

    assert read(page)[1]["title"] == "县医院合成一家，看病留在县里"
