"""Why a page is not fetched: one function per situation, each with what to do."""

from __future__ import annotations

from rag.errors import UnreadableFileError


class FetchError(UnreadableFileError):
    """One page cannot be fetched; the others go on.

    `code` is for scripts: url, private_address, unreachable, tls, proxy, timeout, too_slow, broken_off, redirects, robots,
    robots_unreadable, crawl_delay, not_found, forbidden, busy, http_status, too_large, encoding, empty, not_a_page,
    unwritable; of sitemaps also not_a_sitemap, too_many, other_host, nesting.
    """


def bad_url(shown: str) -> FetchError:
    """What was given is no address of a page."""
    return FetchError(
        code="url",
        detail_en=f"{shown!r} is not an address of a page; it must begin with http:// or https:// and a host",
        detail_zh=f"{shown!r} 不是网页地址；应以 http:// 或 https:// 加主机名开头",
    )


def private_address(host: str, address: str) -> FetchError:
    """The host is inside the own network."""
    return FetchError(
        code="private_address",
        detail_en=f"{host} is at {address}, inside the own network or reserved; such pages are fetched only with "
        "--allow-private",
        detail_zh=f"{host} 的地址 {address} 属于内网或保留地址；确需读取时请加 --allow-private",
    )


def unreachable(host: str, why: str) -> FetchError:
    """The host has no address, or nobody answers there."""
    return FetchError(
        code="unreachable",
        detail_en=f"{host} cannot be reached ({why}); check the address and the network",
        detail_zh=f"连不上 {host}（{why}），请检查地址和网络",
    )


def bad_certificate(host: str, why: str) -> FetchError:
    """The host does not prove that it is itself."""
    return FetchError(
        code="tls",
        detail_en=f"the certificate of {host} cannot be trusted ({why}); save the page in a browser and ingest the file",
        detail_zh=f"{host} 的证书不可信（{why}）；可在浏览器中保存网页后导入文件",
    )


def timed_out(host: str, after_s: float) -> FetchError:
    """The host took too long."""
    return FetchError(
        code="timeout",
        detail_en=f"{host} did not answer within {after_s:g} s; try again later",
        detail_zh=f"{host} 在 {after_s:g} 秒内没有答复，请稍后再试",
    )


def too_slow(host: str, after_s: float) -> FetchError:
    """The host sent something, but not all of it in time."""
    return FetchError(
        code="too_slow",
        detail_en=f"the reply of {host} was not whole after {after_s:g} s; try again later",
        detail_zh=f"{host} 的答复在 {after_s:g} 秒内没有传完，请稍后再试",
    )


def bad_proxy(shown: str) -> FetchError:
    """The proxy of the environment is of a kind that is not spoken."""
    return FetchError(
        code="proxy",
        detail_en=f"the proxy {shown!r} is not an HTTP proxy; set one as http://HOST:PORT, or leave --use-proxy out",
        detail_zh=f"代理 {shown!r} 不是 HTTP 代理；请设为 http://主机:端口，或不加 --use-proxy",
    )


def broken_off(host: str) -> FetchError:
    """The connection broke, or what came was no HTTP."""
    return FetchError(
        code="broken_off",
        detail_en=f"the reply of {host} broke off or was not HTTP; try again later",
        detail_zh=f"{host} 的答复中断或不是 HTTP，请稍后再试",
    )


def too_many_redirects(most: int) -> FetchError:
    """The page is always somewhere else."""
    return FetchError(
        code="redirects",
        detail_en=f"it leads on more than {most} times, or to nowhere; open it in a browser and give the final address",
        detail_zh=f"网页跳转超过 {most} 次或没有去处；请在浏览器打开后给出最终地址",
    )


def robots_forbid(host: str) -> FetchError:
    """The site asks robots not to read the page."""
    return FetchError(
        code="robots",
        detail_en=f"robots.txt of {host} asks that it not be fetched by programs; save it in a browser and ingest the file",
        detail_zh=f"{host} 的 robots.txt 不允许程序读取；可在浏览器中保存网页后导入文件",
    )


def robots_unreadable(host: str, why: FetchError) -> FetchError:
    """What the site asks of robots cannot be known, which counts as a no (RFC 9309)."""
    return FetchError(
        code="robots_unreadable",
        detail_en=f"robots.txt of {host} cannot be read, so nothing there is fetched ({why.localised('en')})",
        detail_zh=f"读不到 {host} 的 robots.txt，因此不读取该站（{why.localised('zh')}）",
    )


def crawl_delay(host: str, asked_s: float, most_s: float) -> FetchError:
    """The site asks for longer pauses than anybody waits."""
    return FetchError(
        code="crawl_delay",
        detail_en=f"{host} asks for {asked_s:g} s between pages, more than the {most_s:g} s that are waited; run it again later",
        detail_zh=f"{host} 要求两次读取间隔 {asked_s:g} 秒，超过可等待的 {most_s:g} 秒；请稍后再运行",
    )


def bad_status(status: int) -> FetchError:
    """The server says no."""
    code, en, zh = "http_status", "the server answered with", "服务器答复"
    if status in {404, 410}:
        code, en, zh = "not_found", "there is no such page:", "没有这个网页："
    elif status in {401, 403, 407, 451}:
        code, en, zh = "forbidden", "the server does not give it to everybody:", "服务器不公开此页："
    return FetchError(
        code=code,
        detail_en=f"{en} HTTP {status}; check the address in a browser",
        detail_zh=f"{zh} HTTP {status}，请在浏览器中核对地址",
    )


def busy(status: int, wait_s: float | None) -> FetchError:
    """The server has no time, or is ill."""
    again_en = "try again later" if wait_s is None else f"it asks to come back in {wait_s:.0f} s"
    again_zh = "请稍后再试" if wait_s is None else f"它要求 {wait_s:.0f} 秒后再来"
    return FetchError(
        code="busy",
        detail_en=f"the server cannot answer now (HTTP {status}); {again_en}",
        detail_zh=f"服务器暂时无法答复（HTTP {status}），{again_zh}",
    )


def too_large(max_bytes: int) -> FetchError:
    """There is more of it than a file may have."""
    return FetchError(
        code="too_large",
        detail_en=f"it has more than {max_bytes / 1e6:.1f} MB, the most that is read (YIGAI_MAX_FILE_MB)",
        detail_zh=f"超过了 {max_bytes / 1e6:.1f} MB 的上限（YIGAI_MAX_FILE_MB）",
    )


def bad_encoding(name: str) -> FetchError:
    """It is packed in a way that was not asked for, or badly."""
    return FetchError(
        code="encoding",
        detail_en=f"what was sent cannot be unpacked ({name!r}); save the page in a browser and ingest the file",
        detail_zh=f"收到的内容无法解压（{name!r}）；可在浏览器中保存网页后导入文件",
    )


def empty() -> FetchError:
    """Nothing was sent."""
    return FetchError(code="empty", detail_en="the page is empty", detail_zh="网页是空的")


def not_a_page(content_type: str | None, *, is_sitemap: bool) -> FetchError:
    """It is of a kind that nothing here reads."""
    kind = content_type or "?"
    hint_en, hint_zh = (
        ("; it is a sitemap: use --sitemap", "；这是站点地图，请用 --sitemap") if is_sitemap else ("", "")
    )
    return FetchError(
        code="not_a_page",
        detail_en=f"it is {kind!r}, neither a page nor a document that is read{hint_en}",
        detail_zh=f"类型是 {kind!r}，不是可读取的网页或文档{hint_zh}",
    )


def unwritable(folder: object, why: str) -> FetchError:
    """Pages cannot be saved."""
    return FetchError(
        code="unwritable",
        detail_en=f"pages cannot be saved in {folder} ({why}); make room, or name another folder",
        detail_zh=f"网页无法保存到 {folder}（{why}）；请腾出空间或换一个文件夹",
    )


def not_a_sitemap() -> FetchError:
    """It lists no pages."""
    return FetchError(
        code="not_a_sitemap",
        detail_en="it is no sitemap (XML of addresses, or one address a line); give a page with --url",
        detail_zh="不是站点地图（应为列出网址的 XML，或每行一个网址）；读取网页请用 --url",
    )


def too_many_pages(most: int) -> FetchError:
    """The sitemap goes on."""
    return FetchError(
        code="too_many",
        detail_en=f"it lists more than {most} pages; those after that are not fetched. Raise --max-pages, or give the "
        "sitemap of one part",
        detail_zh=f"列出的网页超过 {most} 个，之后的没有读取；可调高 --max-pages，或给出某一部分的站点地图",
    )


def too_many_sitemaps(most: int) -> FetchError:
    """There are sitemaps without end."""
    return FetchError(
        code="too_many",
        detail_en=f"it leads to more than {most} sitemaps; the rest are not read. Give the sitemap of one part",
        detail_zh=f"包含的站点地图超过 {most} 个，其余没有读取；请给出某一部分的站点地图",
    )


def nested_sitemap(most: int) -> FetchError:
    """A sitemap in a sitemap in a sitemap."""
    return FetchError(
        code="nesting",
        detail_en=f"it is a sitemap more than {most} deep in others; give it itself",
        detail_zh=f"站点地图嵌套超过 {most} 层；请直接给出这一个",
    )


def other_host(host: str, count: int) -> FetchError:
    """Entries that are not the sitemap's own."""
    return FetchError(
        code="other_host",
        detail_en=f"{count} addresses in it are not on {host} and were left out; fetch them with --other-hosts",
        detail_zh=f"其中有 {count} 个网址不属于 {host}，没有读取；如需读取请加 --other-hosts",
    )
