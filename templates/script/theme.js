// The theme, set before anything is shown.

const THEMES = ['auto', 'light', 'dark'];
let theme = THEMES.includes(memory.get('theme')) ? memory.get('theme') : 'auto';
function showTheme() {
  if (theme === 'auto') delete root.dataset.theme; else root.dataset.theme = theme;
}
showTheme();
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
