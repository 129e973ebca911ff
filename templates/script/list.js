// The list of the page, searched, chosen from and sorted. What its rows are about and how they can be
// chosen, `plan` says: `facets()`, `sorts`, `falling` (what is more comes first), `hides(data)`,
// `actions(row)` (what can be copied).

const MARKED_ROWS = 200;

let rows = [], facets = [], state;
// By which column and way, and whether without groups: as the page came.
let shownOrder = ' false';
// The rows in the order in which they are shown.
let ordered = [];
const rowOf = new Map();

function readRows() {
  rows = all('.row').map((element, at) => {
    const details = element.firstElementChild.firstElementChild;
    return { element, details, group: element.parentElement, body: details.lastElementChild, data: data.rows[at], at };
  });
  ordered = rows;
  for (const row of rows) rowOf.set(row.element, row);
  facets = plan.facets().filter((facet) => facet.values.length > 1);
  for (const row of rows) row.values = facets.map((facet) => facet.of(row.data));
}
// The row that an element is in.
const rowAt = (element) => rowOf.get(element?.closest?.('.row'));

// One way to choose: a key, the values of a row, and all values with label and sign.
function facet(key, of, values) {
  const often = new Map();
  for (const row of rows) for (const value of of(row.data)) often.set(value, (often.get(value) ?? 0) + 1);
  return { key, of, often, values: values.filter(([value]) => often.has(value)) };
}
const named = (names) => names.map((name) => [name, name]);

const emptyState = () => ({
  q: '', sort: '', hide: false, flat: false,
  chosen: Object.fromEntries(facets.map((one) => [one.key, new Set()])),
});

// The text that a search looks at: what the closed row shows, names of parameters and fields.
function textOf(row) {
  if (row.text === undefined) {
    const sleeping = find('noscript', row.body);
    const names = sleeping
      ? [...sleeping.textContent.matchAll(/<code class="k">([^<]*)/g)].map((found) => found[1])
      : all('.k', row.body).map((name) => name.textContent);
    row.text = `${row.details.firstElementChild.textContent}\n${names.join('\n')}`.toLowerCase();
  }
  return row.text;
}

// Does some work on all rows while nobody waits for anything.
function idly(work) {
  let at = 0;
  const go = (time) => {
    while (at < rows.length && time.timeRemaining() > 1) work(rows[at++]);
    if (at < rows.length) requestIdleCallback(go);
  };
  globalThis.requestIdleCallback?.(go);
}

function change(mutate, replace = false) {
  mutate();
  remember(replace);
  apply();
}

function apply() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = facets.map((one) => state.chosen[one.key]);
  const counts = facets.map(() => new Map());
  const groups = new Set();
  let shown = 0;
  for (const row of rows) {
    const found = !(state.hide && plan.hides(row.data)) && words.every((word) => textOf(row).includes(word));
    const failed = facets.map((_, at) => chosen[at].size > 0 && !row.values[at].some((value) => chosen[at].has(value)));
    const failures = failed.filter(Boolean).length;
    // A value's count is what choosing it would show, given the other choices.
    if (found && failures < 2) {
      row.values.forEach((values, at) => {
        if (failures && !failed[at]) return;
        for (const value of values) counts[at].set(value, (counts[at].get(value) ?? 0) + 1);
      });
    }
    row.shown = found && !failures;
    if (row.element.hidden === row.shown) row.element.hidden = !row.shown;
    if (row.shown) {
      shown += 1;
      groups.add(state.flat ? 'flat' : row.group);
    }
  }
  order();
  for (const group of all('.list > .group')) group.hidden = !groups.has(group.id === 'flat' ? 'flat' : group);
  showControls(counts, shown);
  highlight(words);
}

// Puts the rows into their order, in their groups or in one list.
function order() {
  const wanted = `${state.sort} ${state.flat}`;
  if (wanted === shownOrder) return;
  shownOrder = wanted;
  const key = state.sort.replace(/^-/, '');
  const turn = state.sort.startsWith('-') ? -1 : 1;
  const sorted = key ? [...rows].sort((a, b) => turn * plan.sorts[key](a.data, b.data) || a.at - b.at) : rows;
  const parts = new Map(state.flat ? [] : rows.map((row) => [row.group, []]));
  for (const row of sorted) {
    const place = state.flat ? find('#flat') : row.group;
    if (!parts.has(place)) parts.set(place, []);
    parts.get(place).push(row);
  }
  ordered = [...parts.values()].flat();
  for (const [place, part] of parts) {
    const fragment = document.createDocumentFragment();
    for (const row of part) fragment.append(row.element);
    place.append(fragment);
  }
  for (const head of all('.heads [data-sort]')) {
    if (head.dataset.sort === key) head.setAttribute('aria-sort', turn > 0 ? 'ascending' : 'descending');
    else head.removeAttribute('aria-sort');
  }
}

// Marks what a search found, without touching the elements.
function highlight(words) {
  if (!globalThis.CSS?.highlights) return;
  CSS.highlights.delete('found');
  if (!words.length) return;
  const ranges = [];
  for (const row of ordered.filter((one) => one.shown).slice(0, MARKED_ROWS)) {
    const walker = document.createTreeWalker(find('.route', row.element), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.toLowerCase();
      if (text.length !== node.data.length) continue;
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          ranges.push(range);
        }
      }
    }
  }
  if (ranges.length) CSS.highlights.set('found', new Highlight(...ranges));
}
