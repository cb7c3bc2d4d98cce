"""What only the page of a report has: how its findings are filtered. No value of anybody stands here.

Apart from `to_html`, which writes what was found. The words that the script shows are in the page itself.
"""

from __future__ import annotations

STYLE = """
.error { background: var(--minus); color: var(--minus-ink); }
.info { background: var(--raised); color: var(--ink); }
.valid { background: var(--plus); color: var(--plus-ink); }
td.place { white-space: nowrap; }
.inside p { margin: .5rem 0; }
"""

SCRIPT = """
(() => {
  const cards = [...document.querySelectorAll("details.card")];
  const tools = document.querySelector(".tools");
  if (!tools) return;
  const [severity, code, table, text, state] =
    ["severity", "code", "table", "text", "state"].map((id) => document.getElementById(id));
  const folded = (words) => words.normalize("NFD").replace(/\\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const told = (element, shown, all) => {
    element.textContent = element.dataset.words.replace("{shown}", shown).replace("{all}", all);
  };
  const groups = cards.map((card) => ({
    card, count: card.querySelector(".count"), rows: [...card.querySelectorAll("tbody tr")],
  }));
  const total = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const texts = new Map();
  const holds = (row, words) => {
    if (!texts.has(row)) texts.set(row, folded(row.textContent));
    return words.every((word) => texts.get(row).includes(word));
  };
  const fits = (choice, value) => !choice.value || choice.value === value;
  const filter = () => {
    const words = folded(text.value).split(/\\s+/).filter(Boolean);
    let all = 0;
    for (const { card, count, rows } of groups) {
      let shown = 0;
      for (const row of rows) {
        row.hidden = !(fits(code, card.dataset.code) && fits(severity, row.dataset.severity)
          && fits(table, row.dataset.table) && holds(row, words));
        shown += !row.hidden;
      }
      card.hidden = !shown;
      if (count.dataset.all === undefined) count.dataset.all = count.textContent;
      if (shown === rows.length) count.textContent = count.dataset.all;
      else told(count, shown, rows.length);
      all += shown;
    }
    told(state, all, total);
  };
  const opened = () => {
    const card = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (card && card.matches("details")) card.open = true;
  };
  let waiting;
  text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const choice of [severity, code, table]) choice.addEventListener("change", filter);
  for (const [id, open] of [["open", true], ["close", false]]) {
    document.getElementById(id).addEventListener("click", () => {
      for (const card of cards) if (!card.hidden) card.open = open;
    });
  }
  addEventListener("hashchange", opened);
  tools.hidden = false;
  filter();
  opened();
})();
"""
