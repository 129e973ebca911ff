// What everything else is made of: finding and making elements, texts, and a memory.

const root = document.documentElement;
const compare = new Intl.Collator().compare;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// What elements do not say, from the page's data block; and its texts.
let data, say;

// A browser may refuse to remember anything.
const memory = {
  get(key) { try { return localStorage.getItem(`harcov.${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`harcov.${key}`, value); } catch { /* not remembered */ } },
};

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
  high: '▲', medium: '◆', low: '▽', breaking: '✕', warning: '◆', info: 'i',
};

// Says something for a moment, aloud too.
let toast;
function tell(text, stays = false) {
  toast.textContent = text;
  clearTimeout(tell.timer);
  if (!stays) tell.timer = setTimeout(() => { toast.textContent = ''; }, 2500);
}
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
  tell(say(done ? 'script.copied' : 'script.copy-failed'));
}

// A code span of Markdown that shows exactly this text.
function code(text) {
  const runs = [...text.matchAll(/\x60+/g)].map((run) => run[0].length);
  const fence = '\x60'.repeat(Math.max(0, ...runs) + 1);
  const pad = /^\x60|\x60$/.test(text) ? ' ' : '';
  return fence + pad + text + pad + fence;
}
const tableRow = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
