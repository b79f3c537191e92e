import { problemAnswerSchema } from '../contract/answer/problem-answer.ts';
import type { ProblemCode } from '../contract/problem.ts';
import type { AnswerForm, Operation } from './operation.ts';
import { statusOfCode } from './status-of-code.ts';

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

/** All answers of an operation by their status, problems too: a status can be both, as Azure's 4xx can. */
export function answersOf({ roles, answers, problems }: Operation): ReadonlyMap<string, readonly AnswerForm[]> {
  const codes = roles ? [...always, ...problems] : problems;
  const all = [...Object.entries(answers), ...problemForms(codes)];
  return new Map(all.map(([status]) => [status, all.filter((each) => each[0] === status).map(([, form]) => form)]));
}

function problemForms(codes: readonly ProblemCode[]): [string, AnswerForm][] {
  const statuses = [...new Set(codes.map((code) => statusOfCode[code]))];
  return statuses.map((status) => {
    const description = codes.filter((code) => statusOfCode[code] === status).join(', ');
    return [String(status), { description, content: { 'application/json': problemAnswerSchema } }];
  });
}
