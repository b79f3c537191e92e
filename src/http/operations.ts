import { armOperations } from './arm/operations.ts';
import { auditOperations } from './audit/operations.ts';
import { chatOperations } from './chat/operations.ts';
import { teamsOperations } from './chat/teams-operations.ts';
import { checkOperations } from './checks/operations.ts';
import { flowOperations } from './flows/operations.ts';
import { mcpOperations } from './mcp/operations.ts';
import { openApiOperations } from './openapi/operations.ts';
import type { OperationGroup } from './operation.ts';
import { pageOperations } from './page/operations.ts';
import { serviceOperations } from './service/operations.ts';
import { setOperations } from './sets/operations.ts';
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
  ...chatOperations,
  ...teamsOperations,
  ...serviceOperations,
  ...openApiOperations,
  ...pageOperations,
  ...mcpOperations,
  ...armOperations,
};
export type OperationName = keyof typeof operations;

const isName = (name: string): name is OperationName => name in operations;

export const operationNames: readonly OperationName[] = Object.keys(operations).filter(isName);

/** The same calls as the OpenAPI document groups them. */
export const operationGroups: readonly OperationGroup[] = [
  { name: 'Checks', description: 'Checks of one flow each.', operations: checkOperations },
  { name: 'Sets', description: 'Many checks in one call.', operations: setOperations },
  { name: 'Flows', description: 'What checks of a flow came to, whoever asked.', operations: flowOperations },
  { name: 'Sources', description: 'What can be tested from.', operations: sourceOperations },
  { name: 'Audit', description: 'Who asked what, and what was decided.', operations: auditOperations },
  {
    name: 'Chat',
    description: 'What chats send, and which chat accounts act for whom.',
    operations: { ...chatOperations, ...teamsOperations },
  },
  {
    name: 'Service',
    description: 'The caller, the app, and the description of its API.',
    operations: { ...serviceOperations, ...openApiOperations, ...pageOperations },
  },
  { name: 'MCP', description: 'The door of assistants: the Model Context Protocol.', operations: mcpOperations },
  {
    name: 'Azure Resource Manager',
    description: 'Routes of Azure Resource Manager itself, for its own clients. Any `api-version` is taken.',
    operations: armOperations,
  },
];
