import { expect } from 'vitest';
import { z } from 'zod';
import { tools } from '../../../src/http/mcp/tools/tools.ts';
import { webVm } from '../../support/samples.ts';
import { allowAll } from '../../support/memory/memory-proxy.ts';
import { memoryApp, workOnSleep } from '../memory-app.ts';

const about = 'io.modelcontextprotocol';

/** Of a check that may be asked for. */
export const words = { source: webVm, destination: '10.1.2.4', port: 1433 };

type App = ReturnType<typeof memoryApp>;
type Asking = Parameters<App['ask']>[1];

interface Said {
  readonly params?: object;
  readonly client?: string;
}

/** A message of the newest revision, with what it has to say of itself. */
export function message(method: string, { params = {}, client = 'try-out' }: Said = {}) {
  const _meta = {
    [`${about}/protocolVersion`]: '2026-07-28',
    [`${about}/clientCapabilities`]: {},
    [`${about}/clientInfo`]: { name: client, version: '1' },
  };
  return { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta } };
}

export const headersOf = (method: string, name?: string) => ({
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
  ...(name !== undefined && { 'mcp-name': name }),
});

export const post = (app: App, body: unknown, asking: Asking = {}) => app.ask('POST /mcp', { ...asking, body });

export const resultSchema = z.object({
  id: z.literal(7),
  result: z.object({
    isError: z.boolean().optional(),
    content: z.tuple([z.object({ type: z.literal('text'), text: z.string() })]),
    structuredContent: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** What a tool comes to; held to what its schema says of it. */
export async function call(app: App, name: string, args: unknown, asking: Asking & { client?: string } = {}) {
  const { client, ...more } = asking;
  const body = message('tools/call', { params: { name, arguments: args }, ...(client !== undefined && { client }) });
  const answer = await post(app, body, { headers: headersOf('tools/call', name), ...more });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
  const { result } = resultSchema.parse(answer.json);
  const { isError = false, content, structuredContent } = result;
  if (!isError) tools.find((tool) => tool.name === name)?.output.parse(structuredContent);
  expect(structuredContent === undefined).toBe(isError);
  return { isError, text: content[0].text, told: structuredContent ?? {} };
}

/** An app that works while an answer is held. */
export const working = (policy = allowAll, script = {}) => memoryApp(script, { policy }, workOnSleep);
