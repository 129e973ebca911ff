// An endpoint as a command, as an entry of the manifest, as a row: with placeholders for values.

// Parameters in a route, whatever the style, as `<name>`.
const placeholders = (route) =>
  route.split('/').map((part) => part.replace(/^(?:<(.+)>|\{(.+)\}|:(.+))$/, (_, a, b, c) => `<${a ?? b ?? c}>`)).join('/');
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(endpoint) {
  const of = (place) => endpoint.params.filter((param) => param[1] === place);
  const value = ([name, , , values]) => values[0] ?? `<${name}>`;
  const query = of('query').map((param) => `${encodeURIComponent(param[0])}=${value(param)}`).join('&');
  const address = `https://${endpoint.host || '<host>'}${placeholders(endpoint.route)}`;
  const parts = [`curl -X ${/^[A-Z]+$/.test(endpoint.method) ? endpoint.method : shell(endpoint.method)} ${shell(address + (query && `?${query}`))}`];
  for (const param of of('header')) parts.push(`-H ${shell(`${param[0]}: ${value(param)}`)}`);
  for (const param of of('form')) parts.push(`--data-urlencode ${shell(`${param[0]}=${value(param)}`)}`);
  for (const param of of('multipart')) parts.push(`-F ${shell(`${param[0]}=${value(param)}`)}`);
  if (of('json').length) {
    const body = Object.create(null);
    for (const param of of('json')) {
      const names = endpoint.operation && ['operationName', 'method'].includes(param[0]);
      put(body, param[0], names ? endpoint.operation : value(param));
    }
    parts.push("-H 'Content-Type: application/json'", `--data ${shell(JSON.stringify(body, null, 2))}`);
  }
  return parts.join(' \\\n  ');
}

// Puts a value where a path such as `items[].id` says.
function put(body, path, value) {
  const parts = path.split('.');
  let place = body;
  parts.forEach((part, at) => {
    const name = part.replace(/(\[\])+$/, '');
    const last = at === parts.length - 1;
    if (part.endsWith('[]')) {
      if (!Array.isArray(place[name])) place[name] = [last ? value : Object.create(null)];
      place = place[name][0];
    } else if (last) {
      place[name] ??= value;
    } else {
      if (typeof place[name] !== 'object') place[name] = Object.create(null);
      place = place[name];
    }
    if (typeof place !== 'object') place = Object.create(null);
  });
}

function manifestEntry(endpoint) {
  const names = [...new Set(endpoint.params.filter((param) => param[1] !== 'path').map((param) => param[0]))];
  const lines = ['[[endpoint]]', `method = ${JSON.stringify(endpoint.method)}`, `route  = ${JSON.stringify(endpoint.route)}`];
  if (endpoint.operation) lines.push(`operation = ${JSON.stringify(endpoint.operation)}`);
  lines.push('status = "implemented"');
  if (names.length) lines.push(`params = [${names.map((name) => JSON.stringify(name)).join(', ')}]`);
  lines.push('source = ["<file>:<line>"]');
  return `${lines.join('\n')}\n`;
}

const nameOf = (endpoint) => `${endpoint.method} ${endpoint.route}${endpoint.operation ? ` [${endpoint.operation}]` : ''}`;
function markdownRow(endpoint) {
  const words = [say(`status.${endpoint.status}`), say(`level.${endpoint.priority}`), endpoint.requests];
  return tableRow([code(nameOf(endpoint)), ...words]);
}
