import { createInterface } from 'node:readline';
import { readBase } from '../../client/address.ts';
import type { Context, Outcome } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { httpFetch } from '../http-fetch.ts';
import { createForward } from '../mcp/forward.ts';

/**
 * `netcheck mcp`: hands what an assistant writes on standard input to the proxy's MCP server, a message a line, and writes
 * its answers. The tools are the proxy's.
 */
export async function mcp({ url, tokens, signal, version }: Context): Promise<Outcome> {
  const forward = createForward({
    ...{ base: readBase(url()), getToken: tokens(), fetch: httpFetch, signal },
    agent: `cli/${version}`,
  });
  const underWay = new Set<Promise<void>>();
  const lines = createInterface({ input: process.stdin, signal, crlfDelay: Infinity });
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const answering = answer(forward, line).finally(() => underWay.delete(answering));
    underWay.add(answering);
  }
  await Promise.all(underWay);
  signal.throwIfAborted();
  return { json: undefined, text: '', exit: exitCodes.ok };
}

async function answer(forward: ReturnType<typeof createForward>, line: string): Promise<void> {
  for (const message of await answersTo(forward, line)) await write(`${JSON.stringify(message)}\n`);
}

async function answersTo(forward: ReturnType<typeof createForward>, line: string): Promise<readonly unknown[]> {
  try {
    return await forward(JSON.parse(line));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'This line is no JSON.' } }];
  }
}

const write = (text: string): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(text, () => {
      resolve();
    });
  });
