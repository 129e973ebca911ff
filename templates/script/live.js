// On the page of `harcov serve` alone: news of the report, and captures that are dropped on it.

function makeLive() {
  if (data.live === 'watching') watchVersion();
  takeCaptures(data.live === 'dropped' ? '../../' : '');
}

// What stays as it is when the report is made anew: the address has the rest.
const KEPT = 'harcov.kept';
function keep() {
  const opened = rows.filter((row) => row.details.open).map((row) => row.body.id);
  // What is above may be of another height then, so the first row in the window says where it is.
  const first = ordered.find((row) => row.shown && row.details.getBoundingClientRect().bottom > 0);
  const at = first && { id: first.body.id, top: topOf(first) };
  sessionStorage.setItem(KEPT, JSON.stringify({ opened, at, y: scrollY }));
}
const topOf = (row) => row.details.getBoundingClientRect().top;
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  for (const id of kept.opened) {
    const row = rowAt(document.getElementById(id));
    if (row) open(row);
  }
  // Behind the browser's own scrolling; and a reader is told only of what comes after the page.
  setTimeout(() => {
    const row = kept.at && rowAt(document.getElementById(kept.at.id));
    const top = row?.shown ? scrollY + topOf(row) - kept.at.top : kept.y;
    scrollTo({ top });
    tell(say('live.anew'));
  }, 100);
}

// Reloads when the report was made anew; tells what stands in the way.
function watchVersion() {
  history.scrollRestoration = 'manual';
  restore();
  const problem = make('div', { class: 'problems', role: 'alert', hidden: '' });
  find('main').prepend(problem);
  let known;
  setInterval(async () => {
    let text = '';
    try {
      const answer = await (await fetch('version')).json();
      known ??= answer.version;
      if (answer.version !== known) {
        keep();
        location.reload();
      }
      text = answer.problem ?? '';
    } catch {
      text = say('live.gone');
    }
    if (problem.textContent !== text) problem.textContent = text;
    problem.hidden = !text;
  }, 1000);
}

// As many bytes as the server takes.
const MAX_CAPTURE = 2 ** 28;

// Takes a capture: the server reads it in memory and shows its report at an address of its own.
async function send(file, base) {
  if (file.size > MAX_CAPTURE) {
    tell(say('live.too-large'), true);
    return;
  }
  tell(say('live.reading', { name: file.name }), true);
  try {
    const answer = await fetch(`${base}report`, {
      method: 'POST', body: file, headers: { 'X-Capture': encodeURIComponent(file.name) },
    });
    const text = await answer.text();
    if (answer.status === 201) location.href = base + JSON.parse(text).path;
    else tell(answer.status === 422 ? JSON.parse(text).problem : text, true);
  } catch {
    tell(say('live.gone'), true);
  }
}
function takeCaptures(base) {
  const field = make('input', { type: 'file', accept: '.har,.json,.gz,.zip', hidden: '', onchange: () => {
    if (field.files[0]) send(field.files[0], base);
  } });
  find('#tools').prepend(button(say('live.open-capture'), () => field.click()), field);
  const sign = make('div', { class: 'drop', hidden: '' }, say('live.drop-here'));
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
