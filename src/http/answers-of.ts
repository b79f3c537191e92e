import { problemAnswerSchema } from '../contract/answer/problem-answer.ts';
import type { ProblemCode } from '../contract/problem.ts';
import type { AnswerHeaders } from './openapi/known-headers.ts';
import type { AnswerForm, Operation } from './operation.ts';
import type { ProblemForm } from './problem-form.ts';
import { statusOfCode } from './status-of-code.ts';

/** An answer that an operation can have; `codes` are there where it is a problem. */
export interface PossibleAnswer extends AnswerForm {
  readonly codes?: readonly ProblemCode[];
}

/** What every call with a token can be answered. */
const always: readonly ProblemCode[] = [
  'InvalidRequest',
  'InvalidToken',
  'MissingRole',
  'InternalError',
  'AuditUnavailable',
  'SigningKeysUnavailable',
  'StorageUnavailable',
];

export const headersOfCode: Readonly<Partial<Record<ProblemCode, AnswerHeaders>>> = {
  InvalidToken: { 'WWW-Authenticate': 'always' },
  TooManyRequests: { 'Retry-After': 'always', 'RateLimit-Policy': 'sometimes', RateLimit: 'sometimes' },
  Paused: { 'Retry-After': 'always' },
  AuditUnavailable: { 'Retry-After': 'always' },
  ChatUnavailable: { 'Retry-After': 'always' },
  SigningKeysUnavailable: { 'Retry-After': 'always' },
  StorageUnavailable: { 'Retry-After': 'always' },
};

const apiForm: ProblemForm = {
  statusOf: (code) => statusOfCode[code],
  schema: problemAnswerSchema,
  headersOf: (code) => headersOfCode[code] ?? {},
};

/** All answers of an operation by their status, problems too: a status can be both, as Azure's 4xx can. */
export function answersOf({
  roles,
  answers,
  problems,
  problemForm = apiForm,
}: Operation): ReadonlyMap<string, readonly PossibleAnswer[]> {
  const codes = roles ? [...always, ...problems] : problems;
  const own = Object.entries(answers).map(([status, form]): [string, PossibleAnswer] => [status, withIds(form, roles)]);
  const all = [...own, ...problemForms(codes, problemForm)];
  return new Map(all.map(([status]) => [status, all.filter((each) => each[0] === status).map(([, form]) => form)]));
}

/** The ids of the request are in every answer but those of calls that need no token. */
const withIds = (form: AnswerForm, roles: Operation['roles']): AnswerForm =>
  roles ? { ...form, headers: { ...ids, ...form.headers } } : form;

const ids: AnswerHeaders = { 'x-ms-request-id': 'always', 'x-ms-client-request-id': 'sometimes' };

const problemHeaders: AnswerHeaders = { ...ids, 'x-ms-error-code': 'always' };

function problemForms(
  codes: readonly ProblemCode[],
  { statusOf, schema, headersOf }: ProblemForm,
): [string, PossibleAnswer][] {
  const statuses = [...new Set(codes.map(statusOf))];
  return statuses.map((status) => {
    const here = codes.filter((code) => statusOf(code) === status);
    const headers = here.map(headersOf).reduce((all, each) => ({ ...all, ...each }), problemHeaders);
    const content = { 'application/json': schema };
    return [String(status), { description: here.join(', '), codes: here, headers, content }];
  });
}
