# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/http.md are executed."""
import os
import re

from place import ROOT

SHOWN = re.compile(r"^\$ curl -s 'http://127\.0\.0\.1:8417(/[^']*)'\n(.*?)^```$", re.M | re.S)


def check_page(place):
    """every request of the page gives what the page shows"""
    with open(os.path.join(ROOT, "docs", "http.md"), encoding="utf-8") as text:
        shown = SHOWN.findall(text.read())
    assert len(shown) == 4, len(shown)
    with place.serving("peru.quipu") as server:
        for target, expected in shown:
            body = server.ask(target)[2].decode()
            assert body == expected, (target, body)


def check_links(place):
    """every link of the plain page, and every address the page of HTTP lists, leads somewhere"""
    with place.serving("peru.quipu") as server:
        page = server.ask("/")[2].decode()
        links = re.findall(r'href="(/(?:api|openapi|metrics)[^"]*)"', page)
        for link in links:
            status = server.ask(link.replace("&amp;", "&"))[0]
            # Examples of measures stand for data this cube may not have.
            assert status == 200 or "/measures/" in link and status in (404, 422), (link, status)
        with open(os.path.join(ROOT, "docs", "http.md"), encoding="utf-8") as text:
            for target in re.findall(r"^\| `(/[a-z0-9/.]*)`", text.read(), re.M):
                assert server.ask(target)[0] == 200, target
