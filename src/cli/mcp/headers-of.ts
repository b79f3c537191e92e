import type { RpcMessage } from './rpc-message.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';

/**
 * The headers that a message has over HTTP and lacks on standard input. From 2026-07-28 on they repeat what stands in it;
 * before, they name the revision that was agreed on at the begin.
 */
export function headersOf(message: RpcMessage | undefined, agreed: string | undefined): Record<string, string> {
  const said = message?.params?._meta?.[VERSION];
  const version = typeof said === 'string' ? said : message?.method === 'initialize' ? undefined : agreed;
  return {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...(version !== undefined && { 'mcp-protocol-version': headerText(version) }),
    ...(typeof said === 'string' && namesOf(message)),
  };
}

function namesOf({ method, params }: RpcMessage = {}): Record<string, string> {
  const name = params?.name ?? params?.uri;
  return {
    ...(method !== undefined && { 'mcp-method': headerText(method) }),
    ...(typeof name === 'string' && { 'mcp-name': headerText(name) }),
  };
}

/** What a header cannot have goes in base64, as the protocol has it. */
const headerText = (text: string): string =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
