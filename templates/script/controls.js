// Controls of the list: a search field, chips, buttons, and the heads of columns.

const MANY_CHIPS = 10;

const controls = {};
function makeControls() {
  const place = find('#controls');
  controls.search = make('input', {
    type: 'search', placeholder: `${say(plan.search)}  /`, 'aria-label': say(plan.search),
    autocomplete: 'off', spellcheck: 'false',
  });
  let typing = false;
  controls.search.addEventListener('input', () => {
    change(() => { state.q = controls.search.value.trim(); }, typing);
    typing = true;
  });
  controls.search.addEventListener('blur', () => { typing = false; });
  controls.count = make('span', { class: 'count', role: 'status' });
  controls.hide = button(say('script.hide'), () => change(() => { state.hide = !state.hide; }));
  controls.flat = button(say('script.flat'), () => change(() => { state.flat = !state.flat; }));
  controls.open = button(say('script.open-all'), openAll);
  controls.clear = button(say('script.clear'), clear);
  const line = make('div', { class: 'search', role: 'search' }, controls.search, controls.count);
  if (plan.hides) line.append(controls.hide);
  line.append(controls.flat, controls.open, controls.clear);
  // A phone has no room for chips before the rows: they come when they are asked for.
  const chips = make('details', { class: 'filters' }, make('summary', {}, say('script.filters')),
    make('div', { class: 'facets' }, ...facets.map(makeFacet)));
  const phone = matchMedia('(max-width: 36rem)');
  const fold = () => { chips.open = !phone.matches || location.hash.startsWith('#?'); };
  fold();
  phone.addEventListener('change', fold);
  place.append(line);
  if (facets.length) place.append(chips);
  place.hidden = false;

  find('.list').append(make('div', { class: 'group', role: 'rowgroup', id: 'flat', hidden: '' }));
  Object.keys(plan.sorts).forEach((key, at) => {
    const head = all('.heads [role=columnheader]')[at];
    const name = head.textContent;
    head.dataset.sort = key;
    head.replaceChildren(make('button', {
      type: 'button', title: say('script.sort-by', { name }), onclick: () => change(() => sortBy(key)),
    }, name));
  });
}

// By a column, then the other way round, then as the page came.
function sortBy(key) {
  const ways = plan.falling.includes(key) ? [`-${key}`, key, ''] : [key, `-${key}`, ''];
  state.sort = ways[(ways.indexOf(state.sort || '-') + 1) % ways.length];
}

// Chips for the values that most rows have; the others are made when they are asked for.
function makeFacet(one) {
  one.chips = new Map();
  const box = make('div', { class: 'chips' });
  const label = say(`script.facet-${one.key}`);
  const often = [...one.values].sort((a, b) => one.often.get(b[0]) - one.often.get(a[0]));
  const first = new Set(often.slice(0, MANY_CHIPS).map(([value]) => value));
  one.wanted = (value) => one.open || first.has(value) || state?.chosen[one.key].has(value);
  one.fill = () => {
    const chips = one.values.filter(([value]) => one.wanted(value)).map((value) => makeChip(one, value));
    box.replaceChildren(...chips, ...(often.length > MANY_CHIPS ? [more] : []));
  };
  const rest = often.length - MANY_CHIPS;
  const more = button(say('script.more', { n: rest }), () => {
    one.open = !one.open;
    more.textContent = one.open ? say('script.less') : say('script.more', { n: rest });
    more.setAttribute('aria-expanded', one.open);
    one.fill();
    apply();
  }, { class: 'chip', 'aria-expanded': 'false' });
  one.fill();
  return make('div', { class: 'facet', role: 'group', 'aria-label': label }, make('span', {}, label), box);
}
function makeChip(one, [value, label, sign]) {
  const known = one.chips.get(value);
  if (known) return known.chip;
  const chip = make('button', {
    type: 'button', class: `chip ${sign ? value : ''}`,
    onclick: () => change(() => {
      const chosen = state.chosen[one.key];
      if (!chosen.delete(value)) chosen.add(value);
    }),
  });
  if (sign) chip.append(make('span', { class: 'sign', 'aria-hidden': 'true' }, sign), ' ');
  const count = make('b');
  chip.append(`${label} `, count);
  one.chips.set(value, { chip, count });
  return chip;
}

function showControls(counts, shown) {
  facets.forEach((one, at) => {
    if ([...state.chosen[one.key]].some((value) => !one.chips.has(value))) one.fill();
    for (const [value, { chip, count }] of one.chips) {
      const number = counts[at].get(value) ?? 0;
      count.textContent = number;
      chip.setAttribute('aria-pressed', state.chosen[one.key].has(value));
      chip.classList.toggle('none', number === 0);
    }
  });
  if (document.activeElement !== controls.search) controls.search.value = state.q;
  controls.count.textContent = say(plan.shown, { n: shown, all: rows.length });
  controls.hide.setAttribute('aria-pressed', state.hide);
  controls.flat.setAttribute('aria-pressed', state.flat);
  controls.clear.hidden = stateToHash() === '';
  const nothing = find('#nothing');
  nothing.textContent = shown ? '' : say('script.nothing');
  nothing.hidden = shown > 0;
  find('.heads').hidden = shown === 0;
}

function clear() {
  controls.search.value = '';
  change(() => { state = emptyState(); });
}
