// Recommendations that can be ticked off, and taken elsewhere as issues in Markdown.

function issueText(issue) {
  const lines = [`## ${issue.title}`, '', `**${say('script.priority')}:** ${say(`level.${issue.level}`)}`];
  if (issue.reasons.length) lines.push('', `**${say('script.why')}:**`, '', ...issue.reasons.map((reason) => `- ${reason}`));
  if (issue.endpoints.length) {
    lines.push('', `**${say('script.endpoints')}:**`, '', ...issue.endpoints.map((id) => `- [ ] ${code(id)}`));
  }
  return `${lines.join('\n')}\n`;
}

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
