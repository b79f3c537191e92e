import { expect } from 'vitest';
import { z } from 'zod';
import { answersOf } from '../../src/http/answers-of.ts';
import { operationNames, operations, type OperationName } from '../../src/http/operations.ts';

interface Answer {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly text: string;
}

/** Holds an answer to what its operation says of its status. */
export function expectAsDocumented(name: OperationName, { status, headers, text }: Answer): void {
  const answers = answersOf(operations[name]);
  const forms = [...(answers.get(String(status)) ?? []), ...(answers.get(`${String(status).charAt(0)}XX`) ?? [])];
  expect([name, status, forms.length > 0]).toEqual([name, status, true]);
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const schemas = forms.map(({ content }) => (text === '' && !content ? z.unknown() : content?.[type]));
  const fitting = schemas.filter((schema) => schema !== undefined);
  const value: unknown = type === 'application/json' && text !== '' ? JSON.parse(text) : text;
  const errors = fitting.map((schema) => schema.safeParse(value).error?.message);
  expect([name, status, type, errors.includes(undefined) ? '' : errors]).toEqual([name, status, type, '']);
}

/** The operation that a call is for, with the parameters in its path. */
export function operationOf(method: string, path: string) {
  for (const name of operationNames) {
    const operation = operations[name];
    const found = new RegExp(`^/${operation.path.replace('{id}', '(?<id>[^/]+)')}/*$`, 'i').exec(path);
    if (found && operation.method === method) return { name, params: { ...found.groups } };
  }
  throw new Error(`There is no operation for ${method} ${path}.`);
}
