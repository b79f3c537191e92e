import { Agent, type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoopbackServer } from '../../../stand-ins/server/start-loopback-server.ts';
import type { Io, IoTrace } from './io-trace.ts';

/** What becomes of a request. At `before` nothing has been executed; at `after` all has. */
export type Fault =
  /** The connection is closed without an answer. */
  | { readonly kind: 'drop' }
  /** The connection is closed in the middle of the answer's body; for `after` only. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

export type Decide = (io: Io, stage: 'before' | 'after') => Fault | undefined | Promise<Fault | undefined>;

export interface FaultProxy {
  /** Origin, without a slash at the end. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

interface Options {
  readonly service: Io['service'];
  /** Origin of the real thing; where ARM names it in an answer, the proxy's own takes its place. */
  readonly upstream: string;
  readonly trace: IoTrace;
  readonly decide: Decide;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A real HTTP proxy on loopback that breaks what it is told to break. */
export async function startFaultProxy(options: Options): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = await startLoopbackServer((request, response) =>
    pass({ ...options, agent, server }, request, response),
  );
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      agent.destroy();
    },
  };
}

interface Deps extends Options {
  readonly agent: Agent;
  readonly server: { readonly url: string };
}

async function pass(deps: Deps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { service, trace } = deps;
  const { method = '', url: path = '', headers } = request;
  const body = await read(request).catch(() => undefined);
  // The app was killed while it was sending: nothing was asked.
  if (body === undefined) return;
  const io = trace.begin({ service, method, path, headers, body: body.toString() });
  if (await interfere(deps, io, 'before', response)) return;
  io.executed = true;
  const answer = await forward(deps, request, body).catch(() => undefined);
  if (answer === undefined) {
    response.destroy();
    return;
  }
  trace.answered(io, answer.body.toString());
  if (await interfere(deps, io, 'after', response, answer)) return;
  io.status = answer.status;
  give(response, answer);
}

/** Whether the request has got its fault, and needs nothing more. */
async function interfere(
  { decide }: Deps,
  io: Io,
  stage: 'before' | 'after',
  response: ServerResponse,
  answer?: Answer,
): Promise<boolean> {
  const fault = await decide(io, stage);
  if (fault === undefined) return false;
  if (fault.kind === 'delay') {
    await sleep(fault.milliseconds);
    return false;
  }
  if (fault.kind === 'answer') {
    io.status = fault.status;
    response.writeHead(fault.status, fault.headers).end(fault.body);
  } else if (fault.kind === 'cut' && answer !== undefined && answer.body.length > 1) {
    response.writeHead(answer.status, answer.headers);
    response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
  } else response.destroy();
  return true;
}

async function forward(
  { service, upstream, server, agent }: Deps,
  request: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  const { hostname, port } = new URL(upstream);
  const { method, url, headers } = request;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sendRequest({ hostname, port, method, path: url, headers, agent }, resolve).on('error', reject).end(body);
  });
  // These are about the connection to the real thing.
  const names = ['connection', 'keep-alive', 'transfer-encoding'];
  const kept: IncomingMessage['headers'] = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => !names.includes(name)),
  );
  const bytes = await read(answer);
  const received = service === 'arm' ? Buffer.from(bytes.toString().replaceAll(upstream, server.url)) : bytes;
  const location = kept.location?.replace(upstream, server.url);
  return {
    status: answer.statusCode ?? 0,
    headers: {
      ...kept,
      ...(location !== undefined && { location }),
      ...(received.length > 0 && { 'content-length': String(received.length) }),
    },
    body: received,
  };
}

function give(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
