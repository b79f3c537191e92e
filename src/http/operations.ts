import { auditOperations } from './audit/operations.ts';
import { checkOperations } from './checks/operations.ts';
import { flowOperations } from './flows/operations.ts';
import { setOperations } from './sets/operations.ts';
import { serviceOperations } from './service/operations.ts';
import { sourceOperations } from './sources/operations.ts';

/**
 * Every call of the HTTP API, by the name of its function.
 * docs/decisions.md#operations-are-data
 */
export const operations = {
  ...checkOperations,
  ...flowOperations,
  ...setOperations,
  ...sourceOperations,
  ...auditOperations,
  ...serviceOperations,
};
export type OperationName = keyof typeof operations;

const isName = (name: string): name is OperationName => name in operations;

export const operationNames: readonly OperationName[] = Object.keys(operations).filter(isName);
