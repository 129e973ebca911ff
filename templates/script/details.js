// Opening rows, one or all, on the screen or for paper.

// Makes elements of details that came as text, and adds what can be copied.
function wake(row) {
  const sleeping = find('noscript', row.body);
  if (sleeping) {
    const template = document.createElement('template');
    template.innerHTML = sleeping.textContent;
    sleeping.replaceWith(template.content);
  }
  if (!find('.actions', row.body)) {
    const copies = [...plan.actions(row), ['script.copy-link', () => `${location.href.split('#')[0]}#${row.body.id}`]];
    row.body.prepend(make('div', { class: 'actions' },
      ...copies.map(([key, text]) => button(say(key), () => copyText(text())))));
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
