import { answersOf, type PossibleAnswer } from '../answers-of.ts';
import type { Operation } from '../operation.ts';
import type { Example, Examples } from './example.ts';
import type { JsonSchema, JsonSchemas } from './json-schemas.ts';
import { answerHeaderNames, answerHeaders, headerObject, type HeaderObject } from './known-headers.ts';

export interface ShownExample {
  readonly summary: string;
  readonly value: unknown;
}
type ShownExamples = Readonly<Record<string, ShownExample>>;

export interface MediaType {
  readonly schema: JsonSchema;
  readonly examples?: ShownExamples;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly examples?: ShownExamples;
  readonly [member: string]: unknown;
}

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, HeaderObject>>;
  readonly content?: Readonly<Record<string, MediaType>>;
  /** Codes of the problems that have this status here. */
  readonly 'x-error-codes'?: readonly string[];
}

/** An operation as OpenAPI 3.1 has it. */
export interface OperationObject {
  readonly operationId: string;
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly [member: string]: unknown;
}

interface Context {
  readonly name: string;
  readonly tag: string;
  readonly requests: JsonSchemas;
  readonly replies: JsonSchemas;
}

export function operationObject(operation: Operation, { name, tag, requests, replies }: Context): OperationObject {
  const { summary, description, body, bodyIsOptional, roles, examples = {} } = operation;
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(roles),
    parameters: [...pathParameters(operation), ...queryParameters(operation, requests), ...headerParameters(operation)],
    ...(body && {
      requestBody: {
        required: !bodyIsOptional,
        content: { 'application/json': mediaType(requests.of(body), shown(examples, bodyIn)) },
      },
    }),
    responses: responsesOf(operation, replies),
  };
}

/** One of the roles suffices. */
function securityOf(roles: Operation['roles']): OperationObject['security'] {
  if (!roles) return [];
  return roles.length === 0 ? [{ entra: [] }] : roles.map((role) => ({ entra: [role] }));
}

const bodyIn = ({ body }: Example): unknown => body;

const mediaType = (schema: JsonSchema, examples: ShownExamples): MediaType =>
  Object.keys(examples).length === 0 ? { schema } : { schema, examples };

function shown(examples: Examples, valueIn: (example: Example) => unknown): ShownExamples {
  const entries = Object.entries(examples).flatMap(([name, example]) => {
    const value = valueIn(example);
    return value === undefined ? [] : [[name, { summary: example.summary, value }] as const];
  });
  return Object.fromEntries(entries);
}

function withExamples(parameter: Parameter, examples: ShownExamples): Parameter {
  return Object.keys(examples).length === 0 ? parameter : { ...parameter, examples };
}

const pathParameters = ({ pathParameters: given = {}, examples = {} }: Operation): Parameter[] =>
  Object.entries(given).map(([name, description]) =>
    withExamples(
      { name, in: 'path', required: true, description, schema: { type: 'string' } },
      shown(examples, ({ path }) => path?.[name]),
    ),
  );

interface QuerySchema extends JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function queryParameters({ query, examples = {} }: Operation, requests: JsonSchemas): Parameter[] {
  const { properties = {}, required = [] }: QuerySchema = requests.of(query);
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const list = listOf(schema);
    const about = description === undefined ? {} : { description };
    return withExamples(
      { name, in: 'query', required: required.includes(name), ...about, schema: list ?? schema },
      shown(examples, ({ query: { [name]: given } = {} }) => given && shownAs(list ?? schema, given)),
    );
  });
}

function shownAs({ type }: JsonSchema, given: string): unknown {
  if (type === 'array') return [given];
  return type === 'integer' ? Number(given) : given;
}

/** What can be given once or repeated is a list, which OpenAPI repeats. */
function listOf({ anyOf: forms }: JsonSchema): JsonSchema | undefined {
  const all: readonly JsonSchema[] = Array.isArray(forms) ? forms : [];
  return all.find(({ type }) => type === 'array');
}

const ofEveryCall = ['x-ms-client-request-id', 'traceparent'] as const;

/** Our own clients come in by the API's own calls, and say there what they are. */
function headerParameters({ roles, problemForm, requestHeaders = [] }: Operation): { readonly $ref: string }[] {
  const ofEvery = problemForm ? ofEveryCall : (['x-netcheck-client', ...ofEveryCall] as const);
  return [...requestHeaders, ...(roles ? ofEvery : [])].map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function responsesOf(operation: Operation, replies: JsonSchemas): OperationObject['responses'] {
  const answers = answersOf(operation);
  const classOf = (status: string): readonly PossibleAnswer[] => answers.get(`${status.charAt(0)}XX`) ?? [];
  const responses = Array.from(answers, ([status, forms]) => {
    const all = status.endsWith('XX') ? forms : [...forms, ...classOf(status)];
    return [status, responseOf(all, replies, exampleAnswers(operation.examples ?? {}, status))] as const;
  });
  return Object.fromEntries(responses);
}

function responseOf(
  forms: readonly PossibleAnswer[],
  replies: JsonSchemas,
  examplesOf: (type: string) => ShownExamples,
): ResponseObject {
  const types = [...new Set(forms.flatMap(({ content = {} }) => Object.keys(content)))];
  const content = types.map((type) => {
    const schemas = forms.flatMap(({ content: each }) => each?.[type] ?? []).map((schema) => replies.of(schema));
    return [type, mediaType(anyOf(schemas), examplesOf(type))] as const;
  });
  const codes = forms.flatMap((form) => form.codes ?? []);
  const headers = headersOf(forms);
  return {
    description: forms.map(({ description }) => description).join(' Or: '),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(content.length > 0 && { content: Object.fromEntries(content) }),
    ...(codes.length > 0 && { 'x-error-codes': codes }),
  };
}

/** Several answers of one status can have one form. */
function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const forms = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return forms.length === 1 ? { ...forms[0] } : { anyOf: forms };
}

/** A header that one of the forms lacks is not there each time. */
function headersOf(forms: readonly PossibleAnswer[]): Record<string, HeaderObject> {
  const all = forms.map(({ headers = {} }) => headers);
  const names = answerHeaderNames.filter((name) => all.some((headers) => name in headers));
  return Object.fromEntries(
    names.map((name) => {
      const required = all.every((headers) => headers[name] === 'always');
      return [name, { ...headerObject(answerHeaders[name]), ...(required && { required }) }];
    }),
  );
}

const exampleAnswers =
  (examples: Examples, status: string) =>
  (type: string): ShownExamples =>
    shown(examples, (example) =>
      String(example.status) === status && (example.type ?? 'application/json') === type ? example.answer : undefined,
    );
