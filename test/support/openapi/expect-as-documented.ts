import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '../../../src/http/openapi/document.ts';
import type { ResponseObject } from '../../../src/http/openapi/operation-object.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** An operation of the document, by where it stands in it, with the parameters in a path that was asked. */
export interface FoundOperation {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What travels with any HTTP answer, and is not the API's. */
const transport = [
  ...['cache-control', 'connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding'],
  ...['content-encoding', 'vary', 'x-content-type-options'],
  // What a browser is told of the page.
  ...['content-security-policy', 'cross-origin-opener-policy', 'referrer-policy', 'x-frame-options'],
];

export const closedDocument = openApiDocument({ publicUrl: 'https://proxy.example', answers: 'closed' });

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ ...closedDocument, $id: 'openapi' });
const compiled = new Map<string, ValidateFunction>();

/** Throws where the document does not say that this operation can answer so. */
export function expectAsDocumented({ method, path }: FoundOperation, answer: Answer): void {
  const faults = faultsOf(method, path, answer);
  if (faults.length > 0)
    throw new Error(
      `The OpenAPI document knows no such answer of ${method} ${path}: ${faults.join('; ')}\n${answer.text}`,
    );
}

function faultsOf(method: string, path: string, answer: Answer): string[] {
  const { status, headers, text } = answer;
  const responses = closedDocument.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  const key = [String(status), `${String(status).charAt(0)}XX`].find((each) => responses[each] !== undefined);
  const response = responses[key ?? ''];
  if (key === undefined || !response) return [`the status ${status}`];
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const place = ['paths', path, method.toLowerCase(), 'responses', key, 'content', type, 'schema'];
  return [...headerFaults(response, headers), ...bodyFaults(response, { method, text, type, place })];
}

function headerFaults({ headers: known = {} }: ResponseObject, headers: Headers): string[] {
  const names = Object.keys(known).map((name) => name.toLowerCase());
  const unknown = [...headers.keys()].filter((name) => !names.includes(name) && !transport.includes(name));
  const missing = Object.entries(known).filter(([name, { required }]) => required && !headers.has(name));
  return [
    ...unknown.map((name) => `the header ${name}`),
    ...missing.map(([name]) => `an answer without the header ${name}`),
  ];
}

interface Body {
  readonly method: string;
  readonly text: string;
  readonly type: string;
  /** Where the document has its schema. */
  readonly place: readonly string[];
}

function bodyFaults(response: ResponseObject, { text, type, place }: Body): string[] {
  const { content } = response;
  if (!content) return text === '' ? [] : ['a body'];
  if (text === '') return ['an empty body'];
  if (!content[type]) return [`a body of type "${type}"`];
  const value: unknown = type.endsWith('json') && type !== 'application/x-ndjson' ? JSON.parse(text) : text;
  const validate = validatorOf(place);
  if (!validate(value))
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  return codeFaults(response, value);
}

function validatorOf(place: readonly string[]): ValidateFunction {
  const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const known = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
  compiled.set(pointer, known);
  return known;
}

const isProblem = (value: unknown): value is { readonly error: { readonly code: string } } =>
  validatorOf(['components', 'schemas', 'Problem'])(value);

function codeFaults({ 'x-error-codes': codes = [] }: ResponseObject, value: unknown): string[] {
  return isProblem(value) && !codes.includes(value.error.code) ? [`the code ${value.error.code}`] : [];
}

/** The operation that answers a call; routes do not care for letter case or for a slash at the end. */
export function findOperation(method: string, pathname: string): FoundOperation | undefined {
  for (const [path, item] of Object.entries(closedDocument.paths)) {
    const pattern = path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const found = new RegExp(`^${pattern}/*$`, 'i').exec(pathname);
    if (found && item[method.toLowerCase()]) return { method, path, params: { ...found.groups } };
  }
  return undefined;
}
