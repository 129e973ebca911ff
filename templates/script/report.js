// What the list of the report is about: endpoints.

const STATUSES = ['implemented', 'partial', 'missing', 'unknown', 'excluded', 'unobserved'];
const LEVELS = ['high', 'medium', 'low', 'none'];

const plan = {
  search: 'script.search',
  shown: 'script.shown',
  hides: (endpoint) => endpoint.status === 'implemented',
  sorts: {
    endpoint: (a, b) => compare(a.route, b.route) || compare(a.method, b.method),
    priority: (a, b) => LEVELS.indexOf(b.priority) - LEVELS.indexOf(a.priority),
    status: (a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status),
    requests: (a, b) => a.requests - b.requests,
  },
  falling: ['priority', 'requests'],
  facets() {
    const methods = [...new Set(rows.map((row) => row.data.method))].sort();
    const modules = (e) => (e.modules.length ? e.modules.map((at) => data.modules[at]) : [say('script.no-module')]);
    return [
      facet('status', (e) => [e.status], STATUSES.map((name) => [name, say(`status.${name}`), SIGNS[name]])),
      facet('priority', (e) => [e.priority], LEVELS.map((name) => [name, say(`level.${name}`), SIGNS[name]])),
      facet('method', (e) => [e.method], named(methods)),
      facet('group', (e) => [data.groups[e.group]], named([...new Set(data.groups)])),
      facet('module', modules, named([...new Set(data.modules), say('script.no-module')])),
    ];
  },
  actions: ({ data: endpoint }) => [
    ['script.copy-curl', () => curl(endpoint)],
    ['script.copy-manifest', () => manifestEntry(endpoint)],
    ['script.copy-row', () => markdownRow(endpoint)],
  ],
  start() {
    makeChecklist();
    if (data.live) makeLive();
  },
};
