// What the list of a diff is about: changes.

const LEVELS = ['breaking', 'warning', 'info'];

const plan = {
  search: 'changes.search',
  shown: 'changes.shown',
  sorts: {
    change: (a, b) => compare(a.endpoint ?? '', b.endpoint ?? '') || compare(a.code, b.code),
    code: (a, b) => compare(a.code, b.code),
    level: (a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level),
  },
  falling: ['level'],
  facets() {
    const codes = [...new Set(rows.map((row) => row.data.code))].sort();
    const groups = [...new Set(rows.map((row) => row.data.group))];
    return [
      facet('level', (e) => [e.level], LEVELS.map((name) => [name, say(`diff-level.${name}`), SIGNS[name]])),
      facet('code', (e) => [e.code], named(codes)),
      facet('group', (e) => [e.group], named(groups)),
    ];
  },
  actions: ({ data: change }) => [
    ['changes.copy', () => `- ${change.endpoint ? `${code(change.endpoint)}: ` : ''}${change.text}\n`],
    ['changes.copy-ignore', () => `[[diff.ignore]]\nfingerprint = ${JSON.stringify(change.fingerprint)}\nreason = ""\n`],
  ],
  start() {},
};
