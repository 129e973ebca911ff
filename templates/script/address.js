// The state of the list in the address: `#?q=order&status=missing&status=partial&sort=-requests`; and
// what an address leads to.

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
  for (const one of facets) {
    for (const value of words.getAll(one.key)) if (one.often.has(value)) read.chosen[one.key].add(value);
  }
  const sort = words.get('sort') ?? '';
  read.sort = Object.hasOwn(plan.sorts, sort.replace(/^-/, '')) ? sort : '';
  read.hide = words.has('hide') && !!plan.hides;
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

// Whether the page is being opened by an address: not again, where the reader had gone on from there.
function arrives() {
  const [navigation] = performance.getEntriesByType('navigation');
  return document.readyState !== 'complete' && navigation?.type === 'navigate';
}
// Scrolls to an element; while the page is being opened, once more when all of it is laid out.
function bring(element) {
  element.scrollIntoView({ block: 'start' });
  if (arrives()) addEventListener('load', () => element.scrollIntoView({ block: 'start' }), { once: true });
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
  const row = rowAt(target);
  if (!row) {
    // Browsers open what is folded around a target by themselves, but not all of them do.
    const folded = target?.closest('details:not([open])');
    if (folded) folded.open = true;
    if (folded || (target && arrives())) bring(target);
    return;
  }
  if (!row.shown) {
    state = emptyState();
    apply();
  }
  open(row);
  bring(row.details);
  find('summary', row.details).focus({ preventScroll: true });
}
