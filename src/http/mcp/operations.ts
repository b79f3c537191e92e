import { z } from 'zod';
import { mcpExamples } from '../openapi/examples/mcp.ts';
import { anyQuery, type Operation, refusedByHost } from '../operation.ts';
import { mcpProblemForm, rpcErrorSchema } from './mcp-problem.ts';

/** RFC 9728 */
const resourceMetadataSchema = z.strictObject({
  resource: z.url(),
  authorization_servers: z.array(z.url()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
  resource_name: z.string(),
});
export type ResourceMetadata = z.infer<typeof resourceMetadataSchema>;

/** A message of JSON-RPC; the Model Context Protocol says what stands in it. */
const rpcMessage = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string(),
  params: z.looseObject({}).optional(),
});
const rpcAnswer = z.looseObject({ jsonrpc: z.literal('2.0') });

const notAllowed = {
  405: {
    description: 'There is no stream to open and no session to end.',
    headers: { Allow: 'always' },
    content: { 'application/json': rpcErrorSchema },
  },
  ...refusedByHost,
} as const;

const metadata = {
  summary: 'Tells where a client of MCP gets a token (RFC 9728)',
  query: anyQuery,
  answers: {
    200: { description: 'The metadata.', content: { 'application/json': resourceMetadataSchema } },
    ...refusedByHost,
  },
  problems: [],
} as const;

/** The door of assistants: docs/mcp.md */
export const mcpOperations = {
  callMcp: {
    method: 'POST',
    path: 'mcp',
    summary: 'Takes a message of the Model Context Protocol',
    description:
      'Streamable HTTP without sessions, of the revisions 2025-03-26 to 2026-07-28. Clients want more headers of it than are told here: use one of the libraries. What a tool refuses is a result, too.',
    roles: [],
    query: anyQuery,
    requestHeaders: ['MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name'],
    body: rpcMessage,
    answers: {
      200: {
        description: 'The answer; for revisions before 2026-07-28 as a stream of one event.',
        content: { 'application/json': z.union([rpcAnswer, z.array(rpcAnswer)]), 'text/event-stream': z.string() },
      },
      202: { description: 'A message that has no answer was taken.' },
      '4XX': {
        description: 'The message is not as the protocol has it.',
        content: { 'application/json': rpcErrorSchema },
      },
    },
    problems: ['ForeignOrigin', 'PayloadTooLarge', 'UnsupportedMediaType'],
    problemForm: mcpProblemForm,
    examples: mcpExamples,
  },
  openMcpStream: {
    method: 'GET',
    path: 'mcp',
    summary: 'Is refused: the server sends nothing of its own accord',
    query: anyQuery,
    answers: notAllowed,
    problems: [],
  },
  endMcpSession: {
    method: 'DELETE',
    path: 'mcp',
    summary: 'Is refused: there are no sessions',
    query: anyQuery,
    answers: notAllowed,
    problems: [],
  },
  getResourceMetadata: { ...metadata, method: 'GET', path: '.well-known/oauth-protected-resource' },
  getMcpResourceMetadata: { ...metadata, method: 'GET', path: '.well-known/oauth-protected-resource/mcp' },
} as const satisfies Readonly<Record<string, Operation>>;
