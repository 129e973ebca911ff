// Keys, and the tools at the top of the page.

const tools = {};
const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')
  && !/^(checkbox|button)$/.test(document.activeElement.type);
const focused = () => rowAt(document.activeElement);
function step(by) {
  const shown = ordered.filter((row) => row.shown);
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
const useful = (key) => ['t', '?'].includes(key) || (rows.length > 0 && (key !== 'i' || plan.hides));
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || tools.dialog.open) return;
  if (typing()) {
    if (event.key === 'Escape') document.activeElement.blur();
    return;
  }
  const single = event.key.length === 1;
  if (!Object.hasOwn(KEYS, event.key) || (single && memory.get('keys') === 'off')) return;
  if (!useful(event.key)) return;
  event.preventDefault();
  KEYS[event.key][1]();
}
function makeTools() {
  const place = find('#tools');
  tools.theme = button('', nextTheme);
  const list = make('dl');
  for (const [key, [name]] of Object.entries(KEYS).filter(([one]) => useful(one))) {
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
