// Begins once the page is there.

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

root.classList.add('starting');
document.addEventListener('DOMContentLoaded', () => {
  root.classList.remove('starting');
  data = JSON.parse(find('#data').textContent);
  say = speaker(data.texts);
  readRows();
  state = emptyState();
  makeTools();
  if (rows.length) {
    makeControls();
    find('.list').addEventListener('toggle', (event) => {
      const row = event.target.open && rowAt(event.target);
      if (row) wake(row);
    }, true);
    addEventListener('popstate', follow);
    addEventListener('hashchange', follow);
    if (!location.hash.startsWith('#?')) apply();
    if (location.hash) follow();
    idly(textOf);
  }
  plan.start();
  watchSections();
  addEventListener('beforeprint', beforePrint);
  addEventListener('afterprint', afterPrint);
});
