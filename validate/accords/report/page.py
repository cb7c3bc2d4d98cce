"""A page that needs nothing else: what may load, how it looks. No value of anybody stands here.

Apart from the writers of pages, which say what is on them. The style and the script are in the file itself, and
the policy names each by its digest, so that nothing else runs and nothing at all is requested.
"""

from __future__ import annotations

import base64
import hashlib
import html

from accords.report.values import visible

_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --raised: #f5f6f7; --ink: #1b1f24; --quiet: #57606a;
  --edge: #d0d7de; --link: #0a58ca; --plus: #dff5e3; --plus-ink: #0c4a1e; --minus: #fde5e3; --minus-ink: #7d1912;
  --other: #fdf1d0; --other-ink: #5c4300; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --raised: #1e2329; --ink: #e6e9ec;
  --quiet: #a3adb8; --edge: #3a424b; --link: #7db4ff; --plus: #12351d; --plus-ink: #a9e8b8; --minus: #45191a;
  --minus-ink: #ffc1bb; --other: #3d3110; --other-ink: #f5d98b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 64rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { display: inline; font-size: 1rem; margin: 0; }
a { color: var(--link); }
code { font: .9em ui-monospace, monospace; }
.quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--edge); }
thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; white-space: nowrap; }
tbody th { font-weight: 600; }
.wide { min-width: 14rem; }
.wide, li, summary { overflow-wrap: anywhere; }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
.tag { display: inline-block; white-space: nowrap; padding: 0 .5rem; border-radius: 1rem; font-size: .85rem;
  font-weight: 600; background: var(--other); color: var(--other-ink); }
.card { border: 1px solid var(--edge); border-radius: .5rem; margin: .6rem 0; background: var(--ground); }
.inside { padding: .25rem 1rem .75rem; }
.inside tr:last-child > * { border-bottom: 0; }
summary { padding: .6rem 1rem; border-radius: .5rem; background: var(--raised); cursor: pointer; }
.tools { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: .75rem 0; }
.tools[hidden] { display: none; }
.tools label { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 100%; font-size: .85rem;
  color: var(--quiet); }
.tools input, .tools select, .tools button { font: inherit; color: var(--ink); background: var(--ground);
  border: 1px solid var(--quiet); border-radius: .35rem; padding: .3rem .6rem; min-height: 2.25rem; max-width: 100%; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { .tools, #state { display: none; } .card { break-inside: avoid; } }
"""


def page(title: str, body: str, script: str, style: str = "", language: str = "en") -> str:
    """Return a whole page; title and body are HTML already, `style` is added to the common one."""
    style = _STYLE + style.lstrip("\n")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def escaped(text: str) -> str:
    """Return a text that stands for itself in an element or an attribute."""
    return html.escape(visible(text))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
