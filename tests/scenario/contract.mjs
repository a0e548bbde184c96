// Holds every JSON answer that a scenario gets against the programs' OpenAPI documents: the operation and the status must be documented, the
// answer must be what the schema says, and have no member that the document does not know.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { parse } = createRequire(`${root}/web/portal/package.json`)('yaml');
const Ajv = createRequire(`${root}/web/portal/package.json`)('ajv/dist/2020').default;

const documentsOf = {
  'hutong-ca': ['api/ca.yaml', 'api/operators.yaml', 'api/vendor.yaml'],
  'hutong-kmc': ['api/kmc.yaml', 'api/operators.yaml'],
  'hutong-platform': ['openapi.json', 'api/operators.yaml'],
};
const kMethods = ['get', 'put', 'post', 'delete', 'patch'];
const counts = new Map();
const faults = new Set();

const isMap = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** `visit(node, inAllOf)` for every object in a document. */
function walk(node, visit, inAllOf = false) {
  if (Array.isArray(node)) node.forEach((part) => walk(part, visit, inAllOf));
  if (!isMap(node)) return;
  visit(node, inAllOf);
  for (const [name, part] of Object.entries(node)) walk(part, visit, name === 'allOf');
}

/** Schemas say what is there; whatever else an answer has is a fault, too. A schema that is a part of another cannot say so itself. */
function close(document) {
  const parts = new Set();
  walk(document, (node, inAllOf) => inAllOf && node.$ref && parts.add(node.$ref.split('/').at(-1)));
  const open = new Set([...parts].map((name) => document.components?.schemas?.[name]));
  walk(document, (node, inAllOf) => {
    const isObject = isMap(node.properties) && (node.type === 'object' || node.required) || Array.isArray(node.allOf);
    if (isObject && !inAllOf && !open.has(node) && node.additionalProperties === undefined) node.unevaluatedProperties = false;
  });
}

const isTime = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': isTime, uri: (text) => URL.canParse?.(text) ?? true, binary: true } });

function load(name) {
  const text = readFileSync(`${root}/docs/${name}`, 'utf8');
  const document = name.endsWith('.json') ? JSON.parse(text) : parse(text);
  close(document);
  const id = name.split('/').at(-1);
  ajv.addSchema({ $id: id, ...document }, id);
  return { id, document };
}
const documents = new Map(['openapi.json', 'api/ca.yaml', 'api/kmc.yaml', 'api/operators.yaml', 'api/vendor.yaml'].map((name) => [name, load(name)]));

const pointer = (...names) => names.map((name) => `/${encodeURIComponent(String(name).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** Paths with fewer parameters first: /orders/import is not an order's id. */
function operationOf(program, method, path) {
  const fits = (template) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  const found = documentsOf[program].flatMap((name) => {
    const { id, document } = documents.get(name);
    return Object.keys(document.paths).filter(fits).map((template) => ({ id, document, template }));
  }).filter(({ document, template }) => kMethods.includes(method) && document.paths[template][method]);
  return found.sort((a, b) => a.template.split('{').length - b.template.split('{').length)[0];
}

/** The validator of an answer; nothing when it has no JSON by the document. */
function validatorOf({ id, document, template }, method, status) {
  let at = pointer('paths', template, method, 'responses');
  const { responses } = document.paths[template][method];
  const key = responses[status] ? String(status) : 'default';
  let response = responses[key];
  if (!response) {
    faults.add(`${id}: ${method} ${template} has no answer ${status}`);
    return undefined;
  }
  at += pointer(key);
  if (response.$ref) {
    at = response.$ref.replace(/^[^#]*#/, '');
    response = at.split('/').slice(1).reduce((node, name) => node[name], document);
  }
  const type = Object.keys(response.content ?? {}).find((name) => name.includes('json'));
  return type && ajv.compile({ $ref: `${id}#${at}${pointer('content', type, 'schema')}` });
}
const validators = new Map();

function check(program, method, path, status, body) {
  const operation = operationOf(program, method, path);
  if (!operation) return faults.add(`${program}: ${method} ${path} stands in no document`);
  const key = [operation.id, operation.template, method, status].join(' ');
  if (!validators.has(key)) validators.set(key, validatorOf(operation, method, status));
  const validate = validators.get(key);
  if (validate && !validate(body)) {
    const kinds = validate.errors.slice(0, 3).map(({ instancePath, message, params }) => `${instancePath} ${message} ${params.unevaluatedProperty ?? ''}`);
    faults.add(`${key}: ${kinds.join('; ')}`);
  }
  counts.set(program, (counts.get(program) ?? 0) + 1);
}

const plainFetch = globalThis.fetch;
const programs = new Map();
async function programAt(origin) {
  if (!programs.has(origin)) {
    const system = await plainFetch(`${origin}/api/v1/system`);
    programs.set(origin, system.ok ? (await system.json()).program : 'hutong-platform');
  }
  return programs.get(origin);
}

globalThis.fetch = async (url, options = {}) => {
  const answer = await plainFetch(url, options);
  const { origin, pathname } = new URL(url);
  const type = answer.headers.get('content-type') ?? '';
  if (pathname.startsWith('/api/') && type.includes('json') && pathname !== '/api/v1/openapi.json') {
    check(await programAt(origin), (options.method ?? 'GET').toLowerCase(), decodeURI(pathname), answer.status, await answer.clone().json());
  }
  return answer;
};

/** "hutong-ca 120, hutong-kmc 40": how many answers were held against the documents. Throws with what was not as documented. */
export function answersHeld() {
  if (faults.size > 0) throw new Error([...faults].join('\n  '));
  return [...counts].map(([program, count]) => `${program} ${count}`).join(', ');
}
