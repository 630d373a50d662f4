"""The review as one page of HTML that needs nothing else: no network, no script."""

from __future__ import annotations

from html import escape

from mlstead_toolkit.review.rendering.html_writer import written
from mlstead_toolkit.review.rendering.room import EVERYTHING
from mlstead_toolkit.review.rendering.sections import blocks
from mlstead_toolkit.review.rendering.visible import visible
from mlstead_toolkit.review.report import Review

STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --soft: #f6f8fa; --line: #d1d9e0; --quiet: #59636e;
  --added: #116329; --added-paper: #dafbe1; --gone: #a40e26; --gone-paper: #ffebe9; --accent: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --paper: #0d1117; --soft: #151b23; --line: #3d444d;
  --quiet: #9198a1; --added: #7ee787; --added-paper: #12261e; --gone: #ffa198; --gone-paper: #301b1f;
  --accent: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
li { margin: .25rem 0; }
code { font: .875em/1.45 ui-monospace, monospace; background: var(--soft); padding: .1em .35em; border-radius: 4px; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem;
  overflow-x: auto; }
pre code { background: none; padding: 0; overflow-wrap: normal; }
ins, del { display: inline-block; min-width: 100%; text-decoration: none; }
ins { color: var(--added); background: var(--added-paper); }
del { color: var(--gone); background: var(--gone-paper); }
.wide { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .35rem .7rem; text-align: left; vertical-align: top;
  overflow-wrap: normal; }
thead th { background: var(--soft); }
tbody th { font-weight: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--accent); }
figure { margin: .75rem 0; }
svg { display: block; font: 12px ui-monospace, monospace; }
figcaption { margin-top: .5rem; font-size: .85rem; }
.lane { fill: var(--soft); stroke: var(--line); }
.title { fill: var(--quiet); }
.box text { fill: var(--box-ink); }
.arrow { fill: none; stroke: var(--quiet); stroke-width: 1.25; }
.dotted { stroke-dasharray: 4 3; }
.head, .said { fill: var(--quiet); }
.said { font-size: 10px; paint-order: stroke; stroke: var(--soft); stroke-width: 3px; }
.added { --fill: #dafbe1; --edge: #1a7f37; --box-ink: #0a3d1a; }
.changed { --fill: #fff8c5; --edge: #9a6700; --box-ink: #3b2300; }
.replaced { --fill: #fbefff; --edge: #8250df; --box-ink: #2e1065; }
.deleted { --fill: #ffebe9; --edge: #cf222e; --box-ink: #4c0d12; }
.beside { --fill: #f6f8fa; --edge: #6e7781; --box-ink: #24292f; }
.access { --fill: #ddf4ff; --edge: #0969da; --box-ink: #0a3069; }
.box rect { fill: var(--fill); stroke: var(--edge); stroke-width: 1.5; }
.deleted rect { stroke-dasharray: 6 3; }
.key { display: inline-block; margin: 0 .4rem .3rem 0; padding: 0 .5rem; border: 1.5px solid var(--edge);
  border-radius: 4px; background: var(--fill); color: var(--box-ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
"""


def html(review: Review) -> str:
    """Write the page, with nothing left out."""
    title = escape(visible(f"Infrastructure review of {review.project}"))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{written(blocks(review, EVERYTHING))}
</main>
</body>
</html>
"""
