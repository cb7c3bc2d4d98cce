"""What only the page of a comparison has: how changes look, how cards are filtered. No value of anybody stands here.

Apart from `to_html`, which writes what is compared.
"""

from __future__ import annotations

STYLE = """
h4 { font-size: .9rem; margin: 1rem 0 .25rem; }
.none { font-style: italic; }
.lines th { width: 14rem; font-weight: 400; color: var(--quiet); }
.lines th, .lines td { overflow-wrap: anywhere; }
.added, .minor { background: var(--plus); color: var(--plus-ink); }
.removed, .retired, .major { background: var(--minus); color: var(--minus-ink); }
.none-step, .patch { background: var(--raised); color: var(--ink); }
del, ins { text-decoration: none; border-radius: .2rem; padding: .05rem .25rem; white-space: pre-wrap; }
del { background: var(--minus); color: var(--minus-ink); }
.both del { text-decoration: line-through; }
ins { background: var(--plus); color: var(--plus-ink); }
@media (max-width: 36rem) { .lines tr { display: block; border-bottom: 1px solid var(--edge); padding: .3rem 0; }
  .lines th, .lines td { display: block; width: auto; border: 0; padding: .05rem 0; } }
"""

SCRIPT = """
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
