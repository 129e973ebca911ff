// What the page can do beyond being read. Without this script the page is whole: nothing is hidden,
// endpoints open by themselves, links lead where they say. The data block has what elements do not.
'use strict';
(() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // A browser may refuse to remember anything.
  const memory = {
    get(key) { try { return localStorage.getItem(`harcov.${key}`); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(`harcov.${key}`, value); } catch { /* not remembered */ } },
  };

  // The theme, before anything is shown.
  const THEMES = ['auto', 'light', 'dark'];
  let theme = THEMES.includes(memory.get('theme')) ? memory.get('theme') : 'auto';
  const showTheme = () => {
    if (theme === 'auto') delete root.dataset.theme; else root.dataset.theme = theme;
  };
  showTheme();

  let data, say;

  // Makes an element: attributes by name, `on…` as listeners, children as text or elements.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  const button = (label, onclick, attributes = {}) =>
    make('button', { type: 'button', class: 'button', onclick, ...attributes }, label);

  // Texts as the tables have them: `{name}`, and `{n|one|many}` for the word that fits a number.
  const speaker = (texts) => (key, values = {}) =>
    (texts[key] ?? key).replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
      one === undefined ? values[name] : values[name] === 1 ? one : many);
  const SIGNS = {
    implemented: '✓', partial: '◐', missing: '✕', unknown: '?', excluded: '−', unobserved: '○',
    high: '▲', medium: '◆', low: '▽',
  };

  // ---- Endpoints: searching, choosing, sorting --------------------------------------------------

  const STATUSES = ['implemented', 'partial', 'missing', 'unknown', 'excluded', 'unobserved'];
  const LEVELS = ['high', 'medium', 'low', 'none'];
  const MANY_CHIPS = 10;
  const MARKED_ROWS = 200;
  const SORTS = {
    endpoint: (a, b) => a.data.route.localeCompare(b.data.route) || a.data.method.localeCompare(b.data.method),
    priority: (a, b) => LEVELS.indexOf(b.data.priority) - LEVELS.indexOf(a.data.priority),
    status: (a, b) => STATUSES.indexOf(a.data.status) - STATUSES.indexOf(b.data.status),
    requests: (a, b) => a.data.requests - b.data.requests,
  };
  // What is more comes first.
  const FALLING = ['priority', 'requests'];

  let rows = [], facets = [], state, shownOrder = '';
  const emptyState = () => ({
    q: '', sort: '', hide: false, flat: false,
    chosen: Object.fromEntries(facets.map((facet) => [facet.key, new Set()])),
  });

  function readRows() {
    rows = all('.endpoint').map((element, at) => {
      const details = find('details', element);
      return { element, details, group: element.parentElement, body: find('.body', element), data: data.endpoints[at], at };
    });
  }

  // The text that a search looks at: what the closed row shows, names of parameters and fields.
  function textOf(row) {
    if (row.text === undefined) {
      const sleeping = find('noscript', row.body);
      const names = sleeping
        ? [...sleeping.textContent.matchAll(/<code class="k">([^<]*)/g)].map((found) => found[1])
        : all('.k', row.body).map((name) => name.textContent);
      row.text = `${find('summary', row.element).textContent}\n${names.join('\n')}`.toLowerCase();
    }
    return row.text;
  }

  // What endpoints can be chosen by; each value with its label and sign.
  function makeFacets() {
    const present = (of) => new Set(rows.flatMap((row) => of(row.data)));
    const facet = (key, of, values) => {
      const known = present(of);
      return { key, of, values: values.filter(([value]) => known.has(value)) };
    };
    const named = (names) => names.map((name) => [name, name]);
    const modules = (endpoint) =>
      endpoint.modules.length ? endpoint.modules.map((at) => data.modules[at]) : [say('script.no-module')];
    const methods = [...present((endpoint) => [endpoint.method])].sort();
    facets = [
      facet('status', (e) => [e.status], STATUSES.map((name) => [name, say(`status.${name}`), SIGNS[name]])),
      facet('priority', (e) => [e.priority], LEVELS.map((name) => [name, say(`level.${name}`), SIGNS[name]])),
      facet('method', (e) => [e.method], named(methods)),
      facet('group', (e) => [data.groups[e.group]], named(data.groups)),
      facet('module', modules, named([...new Set(data.modules), say('script.no-module')])),
    ].filter((one) => one.values.length > 1);
  }

  // The state in the address: `#?q=order&status=missing,partial&sort=-requests`.
  function stateToHash() {
    const words = new URLSearchParams();
    if (state.q) words.set('q', state.q);
    for (const [key, chosen] of Object.entries(state.chosen)) {
      for (const value of chosen) words.append(key, value);
    }
    if (state.sort) words.set('sort', state.sort);
    if (state.hide) words.set('hide', 'implemented');
    if (state.flat) words.set('flat', '1');
    const text = words.toString();
    return text ? `#?${text}` : '';
  }
  function stateFromHash(hash) {
    const words = new URLSearchParams(hash.slice(2));
    const read = emptyState();
    read.q = words.get('q') ?? '';
    for (const facet of facets) {
      for (const value of words.getAll(facet.key)) {
        if (facet.values.some(([known]) => known === value)) read.chosen[facet.key].add(value);
      }
    }
    const sort = words.get('sort') ?? '';
    read.sort = Object.hasOwn(SORTS, sort.replace(/^-/, '')) ? sort : '';
    read.hide = words.has('hide');
    read.flat = words.has('flat');
    return read;
  }
  function remember(replace) {
    const address = location.href.split('#')[0] + stateToHash();
    try {
      if (replace) history.replaceState(null, '', address);
      else if (address !== location.href) history.pushState(null, '', address);
    } catch { /* the page works without an address of its own */ }
  }
  function change(mutate, replace = false) {
    mutate();
    remember(replace);
    apply();
  }

  function apply() {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = facets.map((facet) => {
      const chosen = state.chosen[facet.key];
      return (row) => chosen.size === 0 || facet.of(row.data).some((value) => chosen.has(value));
    });
    const counts = facets.map(() => new Map());
    let shown = 0;
    for (const row of rows) {
      const found = !(state.hide && row.data.status === 'implemented')
        && words.every((word) => textOf(row).includes(word));
      const failed = found ? facets.filter((_, at) => !fits[at](row)) : facets;
      // A value's count is what choosing it would show, given the other choices.
      facets.forEach((facet, at) => {
        if (!found || failed.length > 1 || (failed.length === 1 && failed[0] !== facet)) return;
        for (const value of facet.of(row.data)) counts[at].set(value, (counts[at].get(value) ?? 0) + 1);
      });
      row.shown = found && failed.length === 0;
      if (row.element.hidden === row.shown) row.element.hidden = !row.shown;
      shown += row.shown;
    }
    order();
    for (const group of all('.list > .group')) {
      group.hidden = !group.querySelector('.endpoint:not([hidden])');
    }
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
    const sorted = key ? [...rows].sort((a, b) => turn * SORTS[key](a, b) || a.at - b.at) : rows;
    const parts = new Map();
    for (const row of sorted) {
      const place = state.flat ? find('#flat') : row.group;
      if (!parts.has(place)) parts.set(place, document.createDocumentFragment());
      parts.get(place).append(row.element);
    }
    for (const [place, part] of parts) place.append(part);
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
    for (const row of rows.filter((one) => one.shown).slice(0, MARKED_ROWS)) {
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

  // ---- Controls of the list ---------------------------------------------------------------------

  const controls = {};
  function makeControls() {
    const place = find('#controls');
    controls.search = make('input', {
      type: 'search', placeholder: `${say('script.search')}  /`, 'aria-label': say('script.search'),
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
    line.append(controls.hide, controls.flat, controls.open, controls.clear);
    place.append(line, make('div', { class: 'facets' }, ...facets.map(makeFacet)));
    place.hidden = false;

    const list = find('.list');
    list.append(make('div', { class: 'group', role: 'rowgroup', id: 'flat', hidden: '' }));
    ['endpoint', 'priority', 'status', 'requests'].forEach((key, at) => {
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
    const ways = FALLING.includes(key) ? [`-${key}`, key, ''] : [key, `-${key}`, ''];
    state.sort = ways[(ways.indexOf(state.sort || '-') + 1) % ways.length];
  }

  function makeFacet(facet) {
    const chips = facet.values.map(([value, label, sign]) => {
      const chip = make('button', {
        type: 'button', class: `chip ${sign ? value : ''}`,
        onclick: () => change(() => {
          const chosen = state.chosen[facet.key];
          if (!chosen.delete(value)) chosen.add(value);
        }),
      });
      if (sign) chip.append(make('span', { class: 'sign', 'aria-hidden': 'true' }, sign), ' ');
      const count = make('b');
      chip.append(`${label} `, count);
      return { value, chip, count };
    });
    facet.chips = chips;
    const often = (value) => rows.filter((row) => facet.of(row.data).includes(value)).length;
    const rare = [...chips].sort((a, b) => often(b.value) - often(a.value)).slice(MANY_CHIPS);
    for (const { chip } of rare) chip.classList.add('rare');
    const label = say(`script.facet-${facet.key}`);
    const box = make('div', { class: 'chips' }, ...chips.map(({ chip }) => chip));
    const place = make('div', { class: 'facet', role: 'group', 'aria-label': label }, make('span', {}, label), box);
    if (rare.length) {
      const more = button(say('script.more', { n: rare.length }), () => {
        const open = place.classList.toggle('all');
        more.textContent = open ? say('script.less') : say('script.more', { n: rare.length });
        more.setAttribute('aria-expanded', open);
      }, { class: 'chip', 'aria-expanded': 'false' });
      box.append(more);
    }
    return place;
  }

  function showControls(counts, shown) {
    facets.forEach((facet, at) => {
      for (const { value, chip, count } of facet.chips) {
        const number = counts[at].get(value) ?? 0;
        const pressed = state.chosen[facet.key].has(value);
        count.textContent = number;
        chip.setAttribute('aria-pressed', pressed);
        chip.classList.toggle('none', number === 0);
        if (pressed) chip.classList.remove('rare');
      }
    });
    if (document.activeElement !== controls.search) controls.search.value = state.q;
    controls.count.textContent = say('script.shown', { n: shown, all: rows.length });
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

  // ---- Opening endpoints ------------------------------------------------------------------------

  // Makes elements of details that came as text, and adds what can be copied.
  function wake(row) {
    const sleeping = find('noscript', row.body);
    if (sleeping) {
      const template = document.createElement('template');
      template.innerHTML = sleeping.textContent;
      sleeping.replaceWith(template.content);
    }
    if (!find('.actions', row.body)) {
      const copy = (key, text) => button(say(`script.copy-${key}`), () => copyText(text()));
      row.body.prepend(make('div', { class: 'actions' },
        copy('curl', () => curl(row.data)),
        copy('manifest', () => manifestEntry(row.data)),
        copy('row', () => markdownRow(row.data)),
        copy('link', () => `${location.href.split('#')[0]}#${row.body.id}`)));
    }
  }
  function open(row, wanted = true) {
    if (wanted) wake(row);
    row.details.open = wanted;
  }
  function openAll() {
    const shown = rows.filter((row) => row.shown);
    const wanted = !shown.every((row) => row.details.open);
    for (const row of shown) open(row, wanted);
    controls.open.textContent = say(wanted ? 'script.close-all' : 'script.open-all');
  }

  // Shows what the address names, whatever was chosen before.
  function follow() {
    const hash = location.hash;
    if (hash === '' || hash.startsWith('#?')) {
      state = stateFromHash(hash);
      apply();
      return;
    }
    let target;
    try { target = document.getElementById(decodeURIComponent(hash.slice(1))); } catch { return; }
    const row = target && rows.find((one) => one.element.contains(target));
    if (!row) return;
    if (!row.shown) {
      state = emptyState();
      apply();
    }
    open(row);
    row.details.scrollIntoView({ block: 'start', behavior: 'instant' });
    find('summary', row.details).focus({ preventScroll: true });
  }

  // ---- Copying ----------------------------------------------------------------------------------

  let toast;
  async function copyText(text) {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = make('textarea', { 'aria-hidden': 'true' });
      field.value = text;
      document.body.append(field);
      field.select();
      done = document.execCommand('copy');
      field.remove();
    }
    toast.textContent = say(done ? 'script.copied' : 'script.copy-failed');
    clearTimeout(copyText.timer);
    copyText.timer = setTimeout(() => { toast.textContent = ''; }, 2500);
  }

  // Parameters in a route, whatever the style, as `<name>`.
  const placeholders = (route) =>
    route.split('/').map((part) => part.replace(/^(?:<(.+)>|\{(.+)\}|:(.+))$/, (_, a, b, c) => `<${a ?? b ?? c}>`)).join('/');
  const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

  function curl(endpoint) {
    const of = (place) => endpoint.params.filter((param) => param[1] === place);
    const value = ([name, , , values]) => values[0] ?? `<${name}>`;
    const query = of('query').map((param) => `${encodeURIComponent(param[0])}=${value(param)}`).join('&');
    const address = `https://${endpoint.host || '<host>'}${placeholders(endpoint.route)}`;
    const parts = [`curl -X ${/^[A-Z]+$/.test(endpoint.method) ? endpoint.method : shell(endpoint.method)} ${shell(address + (query && `?${query}`))}`];
    for (const param of of('header')) parts.push(`-H ${shell(`${param[0]}: ${value(param)}`)}`);
    for (const param of of('form')) parts.push(`--data-urlencode ${shell(`${param[0]}=${value(param)}`)}`);
    for (const param of of('multipart')) parts.push(`-F ${shell(`${param[0]}=${value(param)}`)}`);
    if (of('json').length) {
      const body = Object.create(null);
      for (const param of of('json')) {
        const names = endpoint.operation && ['operationName', 'method'].includes(param[0]);
        put(body, param[0], names ? endpoint.operation : value(param));
      }
      parts.push("-H 'Content-Type: application/json'", `--data ${shell(JSON.stringify(body, null, 2))}`);
    }
    return parts.join(' \\\n  ');
  }

  // Puts a value where a path such as `items[].id` says.
  function put(body, path, value) {
    const parts = path.split('.');
    let place = body;
    parts.forEach((part, at) => {
      const name = part.replace(/(\[\])+$/, '');
      const last = at === parts.length - 1;
      if (part.endsWith('[]')) {
        if (!Array.isArray(place[name])) place[name] = [last ? value : Object.create(null)];
        place = place[name][0];
      } else if (last) {
        place[name] ??= value;
      } else {
        if (typeof place[name] !== 'object') place[name] = Object.create(null);
        place = place[name];
      }
      if (typeof place !== 'object') place = Object.create(null);
    });
  }

  function manifestEntry(endpoint) {
    const names = [...new Set(endpoint.params.filter((param) => param[1] !== 'path').map((param) => param[0]))];
    const lines = ['[[endpoint]]', `method = ${JSON.stringify(endpoint.method)}`, `route  = ${JSON.stringify(endpoint.route)}`];
    if (endpoint.operation) lines.push(`operation = ${JSON.stringify(endpoint.operation)}`);
    lines.push('status = "implemented"');
    if (names.length) lines.push(`params = [${names.map((name) => JSON.stringify(name)).join(', ')}]`);
    lines.push('source = ["<file>:<line>"]');
    return `${lines.join('\n')}\n`;
  }

  // A code span that shows exactly this text.
  function code(text) {
    const runs = [...text.matchAll(/\x60+/g)].map((run) => run[0].length);
    const fence = '\x60'.repeat(Math.max(0, ...runs) + 1);
    const pad = /^\x60|\x60$/.test(text) ? ' ' : '';
    return fence + pad + text + pad + fence;
  }
  const nameOf = (endpoint) => `${endpoint.method} ${endpoint.route}${endpoint.operation ? ` [${endpoint.operation}]` : ''}`;
  function markdownRow(endpoint) {
    const words = [say(`status.${endpoint.status}`), say(`level.${endpoint.priority}`), endpoint.requests];
    const cells = [code(nameOf(endpoint)), ...words].map((cell) => String(cell).replaceAll('|', '\\|'));
    return `| ${cells.join(' | ')} |`;
  }

  function issueText(issue) {
    const lines = [`## ${issue.title}`, '', `**${say('script.priority')}:** ${say(`level.${issue.level}`)}`];
    if (issue.reasons.length) lines.push('', `**${say('script.why')}:**`, '', ...issue.reasons.map((reason) => `- ${reason}`));
    if (issue.endpoints.length) {
      lines.push('', `**${say('script.endpoints')}:**`, '', ...issue.endpoints.map((id) => `- [ ] ${code(id)}`));
    }
    return `${lines.join('\n')}\n`;
  }

  // Recommendations that can be ticked off here and taken elsewhere.
  function makeChecklist() {
    const items = all('.issues > li');
    if (!items.length) return;
    const key = `done.${data.name}`;
    let done;
    try { done = new Set(JSON.parse(memory.get(key) ?? '[]')); } catch { done = new Set(); }
    const progress = make('span', { class: 'count', role: 'status' });
    const show = () => {
      const ticked = data.issues.filter((issue) => done.has(issue.title)).length;
      progress.textContent = say('script.done', { n: ticked, all: items.length });
    };
    items.forEach((item, at) => {
      const issue = data.issues[at];
      const box = make('input', { type: 'checkbox', onchange: () => {
        if (box.checked) done.add(issue.title); else done.delete(issue.title);
        item.classList.toggle('done', box.checked);
        memory.set(key, JSON.stringify([...done]));
        show();
      } });
      box.checked = done.has(issue.title);
      item.classList.toggle('done', box.checked);
      const title = find('strong', item);
      const label = make('label', {}, box);
      title.replaceWith(label);
      label.append(title);
      item.prepend(button(say('script.copy-issue'), () => copyText(issueText(issue))));
    });
    const left = () => data.issues.filter((issue) => !done.has(issue.title)).map(issueText).join('\n');
    find('#order h2').after(make('div', { class: 'actions' },
      button(say('script.copy-issues'), () => copyText(data.issues.map(issueText).join('\n'))),
      button(say('script.copy-open'), () => copyText(left())), progress));
    show();
  }

  // ---- Theme, keys, printing --------------------------------------------------------------------

  const tools = {};
  function nextTheme() {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    memory.set('theme', theme);
    showTheme();
    nameTheme();
  }
  function nameTheme() {
    const label = say('script.theme', { name: say(`script.theme-${theme}`) });
    tools.theme.textContent = `${{ auto: '◐', light: '☀', dark: '☾' }[theme]} ${label}`;
  }

  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')
    && !/^(checkbox|button)$/.test(document.activeElement.type);
  const focused = () => rows.find((row) => row.element.contains(document.activeElement));
  function step(by) {
    const shown = rows.filter((row) => row.shown)
      .sort((a, b) => (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    const at = shown.indexOf(focused());
    const next = shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + by, 0), shown.length - 1)];
    const summary = next && find('summary', next.element);
    summary?.focus();
    summary?.scrollIntoView({ block: 'nearest' });
  }
  const KEYS = {
    '/': ['search', () => { controls.search.focus(); controls.search.select(); }],
    j: ['next', () => step(1)],
    k: ['previous', () => step(-1)],
    o: ['toggle', () => { const row = focused(); if (row) open(row, !row.details.open); }],
    e: ['all', openAll],
    i: ['hide', () => change(() => { state.hide = !state.hide; })],
    g: ['flat', () => change(() => { state.flat = !state.flat; })],
    t: ['theme', nextTheme],
    '?': ['help', () => tools.dialog.showModal()],
    Escape: ['escape', clear],
  };
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || tools.dialog.open) return;
    if (typing()) {
      if (event.key === 'Escape') document.activeElement.blur();
      return;
    }
    const single = event.key.length === 1;
    if (!Object.hasOwn(KEYS, event.key) || (single && memory.get('keys') === 'off')) return;
    if (!rows.length && !['t', '?'].includes(event.key)) return;
    event.preventDefault();
    KEYS[event.key][1]();
  }
  function makeTools() {
    const place = find('#tools');
    tools.theme = button('', nextTheme);
    const list = make('dl');
    for (const [key, [name]] of Object.entries(KEYS)) {
      list.append(make('dt', {}, make('kbd', {}, key === 'Escape' ? 'Esc' : key)), make('dd', {}, say(`script.key-${name}`)));
    }
    const on = make('input', { type: 'checkbox', onchange: () => memory.set('keys', on.checked ? 'on' : 'off') });
    on.checked = memory.get('keys') !== 'off';
    tools.dialog = make('dialog', { 'aria-labelledby': 'keys-title' },
      make('h2', { id: 'keys-title' }, say('script.keys')), list,
      make('label', {}, on, say('script.keys-on')),
      button(say('script.close'), () => tools.dialog.close()));
    place.append(tools.theme, button('?', () => tools.dialog.showModal(), { 'aria-label': say('script.keys'), title: say('script.keys') }));
    place.hidden = false;
    toast = make('div', { class: 'toast', role: 'status' });
    document.body.append(tools.dialog, toast);
    nameTheme();
    addEventListener('keydown', onKey);
  }

  // Paper cannot be opened: everything is, and closed again behind.
  let closed = [];
  function beforePrint() {
    rows.forEach(wake);
    closed = all('details:not([open])');
    for (const details of closed) details.open = true;
  }
  function afterPrint() {
    for (const details of closed) details.open = false;
    closed = [];
  }

  // Tells in the contents where the reader is.
  function watchSections() {
    const links = new Map(all('nav a').map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute('aria-current');
        links.get(target.id)?.setAttribute('aria-current', 'true');
      }
    }, { rootMargin: '-15% 0px -75%' });
    for (const section of all('main > section[id]')) seen.observe(section);
  }

  // ---- On the page of `harcov serve` ------------------------------------------------------------

  // Reloads when the report was made anew, with what was open; tells what stands in the way.
  function watchVersion() {
    const kept = 'harcov.open';
    for (const id of JSON.parse(sessionStorage.getItem(kept) ?? '[]')) {
      const row = rows.find((one) => one.body.id === id);
      if (row) open(row);
    }
    sessionStorage.removeItem(kept);
    const problem = make('div', { class: 'problems', role: 'alert', hidden: '' });
    find('main').prepend(problem);
    let known;
    setInterval(async () => {
      let text = '';
      try {
        const answer = await (await fetch('version')).json();
        known ??= answer.version;
        if (answer.version !== known) {
          const opened = rows.filter((row) => row.details.open).map((row) => row.body.id);
          sessionStorage.setItem(kept, JSON.stringify(opened));
          location.reload();
        }
        text = answer.problem ?? '';
      } catch {
        text = say('script.gone');
      }
      if (problem.textContent !== text) problem.textContent = text;
      problem.hidden = !text;
    }, 1000);
  }

  // As many bytes as the server takes.
  const MAX_CAPTURE = 2 ** 28;

  // Takes a capture: the server reads it in memory and shows its report at an address of its own.
  async function send(file, base) {
    clearTimeout(copyText.timer);
    if (file.size > MAX_CAPTURE) {
      toast.textContent = say('script.too-large');
      return;
    }
    toast.textContent = say('script.reading', { name: file.name });
    try {
      const answer = await fetch(`${base}report`, {
        method: 'POST', body: file, headers: { 'X-Capture': encodeURIComponent(file.name) },
      });
      const text = await answer.text();
      if (answer.status === 201) location.href = base + JSON.parse(text).path;
      else toast.textContent = answer.status === 422 ? JSON.parse(text).problem : text;
    } catch {
      toast.textContent = say('script.gone');
    }
  }
  function takeCaptures(base) {
    const field = make('input', { type: 'file', accept: '.har,.json,.gz,.zip', hidden: '', onchange: () => {
      if (field.files[0]) send(field.files[0], base);
    } });
    find('#tools').prepend(button(say('script.open-capture'), () => field.click()), field);
    const sign = make('div', { class: 'drop', hidden: '' }, say('script.drop-here'));
    document.body.append(sign);
    const carriesFiles = (event) => [...event.dataTransfer?.types ?? []].includes('Files');
    addEventListener('dragover', (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      sign.hidden = false;
    });
    addEventListener('dragleave', (event) => { if (!event.relatedTarget) sign.hidden = true; });
    addEventListener('drop', (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      sign.hidden = true;
      if (event.dataTransfer.files[0]) send(event.dataTransfer.files[0], base);
    });
  }

  document.addEventListener('DOMContentLoaded', () => {
    data = JSON.parse(find('#data').textContent);
    say = speaker(data.texts);
    readRows();
    makeFacets();
    state = emptyState();
    makeTools();
    if (rows.length) {
      makeControls();
      find('.list').addEventListener('toggle', (event) => {
        const row = event.target.open && rows.find((one) => one.details === event.target);
        if (row) wake(row);
      }, true);
      addEventListener('popstate', follow);
      addEventListener('hashchange', follow);
      follow();
      if (!location.hash.startsWith('#?')) apply();
    }
    makeChecklist();
    watchSections();
    if (data.live === 'watching') watchVersion();
    if (data.live) takeCaptures(data.live === 'dropped' ? '../../' : '');
    addEventListener('beforeprint', beforePrint);
    addEventListener('afterprint', afterPrint);
  });
})();
