"""Whatever stands in names, values and reasons, the comment and the page keep their form."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.comparison import Problem
from mlstead_toolkit.review.diagram.mermaid import label
from mlstead_toolkit.review.rendering import html, markdown
from mlstead_toolkit.review.report import (
    AccessChange,
    AccessKind,
    CloudPlan,
    Cost,
    CostChange,
    Difference,
    EnvironmentReview,
    PolicyChange,
    PolicyKind,
    Remark,
    ResourceChange,
    Review,
)
from mlstead_toolkit.review.verdict import Verdict

PIECES = ("```", "~~~", "`", "</details>", "<details>", "<script>alert(1)</script>", "<!--", "-->", "@team", "#12",
          "!3", "|", "\n", "\r\n", "\n\n# ", "- ", "1. ", "/close", "> ", "[a](http://b)", "![a](b)", "**", "__", "\\",
          "&lt;", "\u202e", "\u2028", "\x00", "=", "$", "$(x)", "    ", "<b", '"', "'", "a", "ä", "]]>", "&#64;team")
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), min_size=1, max_size=6).map("".join)
# What the renderers write themselves.
OWN = re.compile(r"</?(?:details|summary|strong)>|<!-- mlstead review -->|<code>|</code>")


def hostile(text: str) -> Review:
    change = ResourceChange(Operation.REPLACE, text, text, (text, text), (
        Difference(text, text, text, replaces=True), Difference(text, "", "", lines=(f"+ {text}", f"- {text}", text))),
        text, text)
    shared = tuple(ResourceChange(Operation.UPDATE, text, f"{text}{number}", (text,), (Difference(text, "", text),),
                                  text) for number in range(4))
    environment = EnvironmentReview(
        text, (Verdict.CANNOT_BE_DEPLOYED,), (("replace", 1),), 3, (change, *shared),
        (AccessChange(AccessKind.GAINS, text, text, (text, text), True, text, text),),
        (PolicyChange(PolicyKind.NEW, text, text, text, text, text, text, text, text, place=text),
         PolicyChange(PolicyKind.EXCEPTED, text, text, text, text, existing=True)),
        Cost(Decimal(1), Decimal(2), (CostChange(text, text, Decimal(1), Decimal(2), text, text, text),), (text,)),
        f"flowchart LR\n  r0[{label(text, text)}]:::added\n", tuple(
            Remark(Verdict.DOWNTIME, f"{text}{number}", text, text, text) for number in range(12)),
        CloudPlan(text, (change,), (change,)), (Problem(text, "base", text, text, text),
                                                Problem(text, "head", text, text, text)), (text,))
    return Review(text, text, text, (environment,), (Problem("", "base", text, text, text),), (text,))


@settings(max_examples=50, deadline=None)
@given(HOSTILE)
def test_the_comment_keeps_its_form(text: str) -> None:
    comment = markdown(hostile(text))
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(comment)
    plain = markdown(hostile("plain"))
    expected = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(plain)

    def count(found: list, kind: str) -> int:
        return sum(token.type == kind for token in found)

    assert count(tokens, "heading_open") == count(expected, "heading_open")
    assert count(tokens, "table_open") == count(expected, "table_open")
    assert count(tokens, "fence") == count(expected, "fence")
    assert count(tokens, "code_block") == count(tokens, "hr") == count(tokens, "blockquote_open") == 0
    raw = "".join(token.content for token in tokens if token.type == "html_block")
    raw += "".join(child.content for token in tokens for child in token.children or () if child.type == "html_inline")
    assert raw.count("<details>") == raw.count("</details>") == plain.count("<details>")
    assert not re.search(r"<[a-z/!]", OWN.sub("", raw))
    for token in tokens:
        for child in token.children or ():
            assert child.type not in ("link_open", "image")
            if child.type == "text":
                assert not re.search(r"(?<!\w)@\w", child.content)


class Tags(HTMLParser):
    """Counts what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert all(not name.startswith("on") for name, _ in attrs)
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)


@settings(max_examples=40, deadline=None)
@given(HOSTILE)
def test_the_page_keeps_its_form(text: str) -> None:
    found = Tags()
    found.feed(html(hostile(text)))
    found.close()
    assert found.open == []
    assert not {"script", "a", "img", "iframe", "b", "link"} & set(found.seen)
