"""The page around a comparison: what may load, how it looks, how it filters. No value of anybody stands here.

Apart from `to_html`, which writes what is compared. The style and the script are in the file itself, and the
policy names each by its digest, so that nothing else runs and nothing at all is requested.
"""

from __future__ import annotations

import base64
import hashlib

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
h4 { font-size: .9rem; margin: 1rem 0 .25rem; }
a { color: var(--link); }
code { font: .9em ui-monospace, monospace; }
.quiet { color: var(--quiet); }
.none { font-style: italic; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--edge); }
thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; white-space: nowrap; }
tbody th { font-weight: 600; }
.lines th { width: 14rem; font-weight: 400; color: var(--quiet); }
.lines th, .lines td, .wide, li, summary { overflow-wrap: anywhere; }
.wide { min-width: 14rem; }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
.tag { display: inline-block; white-space: nowrap; padding: 0 .5rem; border-radius: 1rem; font-size: .85rem;
  font-weight: 600; background: var(--other); color: var(--other-ink); }
.added, .minor { background: var(--plus); color: var(--plus-ink); }
.removed, .retired, .major { background: var(--minus); color: var(--minus-ink); }
.none-step, .patch { background: var(--raised); color: var(--ink); }
del, ins { text-decoration: none; border-radius: .2rem; padding: .05rem .25rem; white-space: pre-wrap; }
del { background: var(--minus); color: var(--minus-ink); }
.both del { text-decoration: line-through; }
ins { background: var(--plus); color: var(--plus-ink); }
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
@media (max-width: 36rem) { .lines tr { display: block; border-bottom: 1px solid var(--edge); padding: .3rem 0; }
  .lines th, .lines td { display: block; width: auto; border: 0; padding: .05rem 0; } }
@media print { .tools, #state { display: none; } .card { break-inside: avoid; } }
"""

_SCRIPT = """
(() => {
  const cards = [...document.querySelectorAll("details.card")];
  const [table, kind, text, state] = ["table", "kind", "text", "state"].map((id) => document.getElementById(id));
  if (!table) return;
  const folded = (words) => words.normalize("NFD").replace(/\\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const texts = new Map();
  const holds = (card, words) => {
    if (!texts.has(card)) texts.set(card, folded(card.textContent));
    return words.every((word) => texts.get(card).includes(word));
  };
  const filter = () => {
    const words = folded(text.value).split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      const { table: itsTable, kind: itsKind } = card.dataset;
      card.hidden = (table.value && table.value !== itsTable) || (kind.value && kind.value !== itsKind)
        || !holds(card, words);
      shown += !card.hidden;
    }
    state.textContent = `${shown} of ${cards.length} shown`;
  };
  let waiting;
  text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const choice of [table, kind]) choice.addEventListener("change", filter);
  for (const [id, open] of [["open", true], ["close", false]]) {
    document.getElementById(id).addEventListener("click", () => {
      for (const card of cards) if (!card.hidden) card.open = open;
    });
  }
  document.querySelector(".tools").hidden = false;
  filter();
})();
"""


def page(title: str, body: str) -> str:
    """Return a whole page; both parts are HTML already."""
    policy = (
        f"default-src 'none'; style-src '{_digest(_STYLE)}'; script-src '{_digest(_SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
