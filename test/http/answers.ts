import { operationNames, type OperationName, operations } from '../../src/http/operations.ts';
import {
  type Answer,
  expectAsDocumented as expectAnswer,
  findOperation,
} from '../support/openapi/expect-as-documented.ts';

/** Holds an answer to what the OpenAPI document says of its operation. */
export function expectAsDocumented(name: OperationName, answer: Answer): void {
  const { method, path } = operations[name];
  expectAnswer({ method, path: `/${path}`, params: {} }, answer);
}

/** The operation that a call is for, with the parameters in its path. */
export function operationOf(method: string, pathname: string) {
  const { path, params } = findOperation(method, pathname) ?? {};
  const name = operationNames.find(
    (each) => operations[each].method === method && `/${operations[each].path}` === path,
  );
  if (name === undefined || !params) throw new Error(`There is no operation for ${method} ${pathname}.`);
  return { name, params };
}
