import { HttpRequest, HttpResponse, InvocationContext, type HttpHandler } from '@azure/functions';
import { listChecks } from '../../src/http/checks/list-checks.ts';
import { step } from '../../src/check/step.ts';
import { roleSchema, type Via } from '../../src/contract/requester.ts';
import { Problem } from '../../src/contract/problem.ts';
import { armDoor } from '../../src/http/arm/arm-door.ts';
import { beginCheck } from '../../src/http/arm/begin-check.ts';
import { getOperationResult } from '../../src/http/arm/get-operation-result.ts';
import { cancelCheck } from '../../src/http/checks/cancel-check.ts';
import { getCheck } from '../../src/http/checks/get-check.ts';
import { compareCheck } from '../../src/http/checks/compare-check.ts';
import { rerunCheck } from '../../src/http/checks/rerun-check.ts';
import { shareCheck, unshareCheck } from '../../src/http/checks/share-check.ts';
import { getFlow } from '../../src/http/flows/get-flow.ts';
import { callMcp } from '../../src/http/mcp/call-mcp.ts';
import { mcpDoor } from '../../src/http/mcp/mcp-door.ts';
import { refuseMethod } from '../../src/http/mcp/refuse-method.ts';
import { cancelSet } from '../../src/http/sets/cancel-set.ts';
import { createSet } from '../../src/http/sets/create-set.ts';
import { getSet } from '../../src/http/sets/get-set.ts';
import { listSets } from '../../src/http/sets/list-sets.ts';
import { rerunSet } from '../../src/http/sets/rerun-set.ts';
import { getMe } from '../../src/http/service/get-me.ts';
import { getResult } from '../../src/http/checks/get-result.ts';
import { httpDoor } from '../../src/http/http-door.ts';
import { submitCheck } from '../../src/http/checks/submit-check.ts';
import type { OperationName } from '../../src/http/operations.ts';
import { expectAsDocumented, operationOf } from './answers.ts';
import { memoryProxy, type Script } from '../support/memory/memory-proxy.ts';
import { sampleCaller, webVm } from '../support/samples.ts';

export const publicUrl = 'https://proxy.example/base';
export const audiences = ['api://proxy'];
export const sampleBody = {
  source: { resourceId: webVm },
  destination: { address: '10.1.2.4', port: 1433 },
  protocol: 'Tcp',
  reason: 'INC-1042',
};

interface Asking {
  /** An empty name sends no token. */
  readonly user?: string;
  readonly roles?: readonly string[];
  /** Object ids of groups. */
  readonly groups?: readonly string[];
  readonly headers?: Record<string, string>;
  /** Of the trace that the host began. */
  readonly traceParent?: string;
  /** Sent as JSON, but for a text or bytes, which are sent as they are. */
  readonly body?: unknown;
}

/** What tests look at of an answer's body; which of it is there depends on the answer. */
interface Body {
  readonly id: string;
  readonly status: string;
  readonly requester: { readonly name: string };
  readonly finishedAt: string;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly target?: string;
    readonly details: readonly { readonly code: string; readonly message: string; readonly target: string }[];
  };
  readonly decision: { readonly allowed: boolean };
  readonly roles: readonly string[];
  readonly policy: string;
  readonly rules: readonly { readonly id: string; readonly limits?: object }[];
  readonly endpoints: readonly object[];
  readonly limits: readonly object[];
}

export interface LogLine {
  readonly level: string;
  readonly text: string;
}

type Proxy = ReturnType<typeof memoryProxy>;

/** Work goes on while an answer is held. */
export const workOnSleep = (proxy: Proxy): Partial<Proxy['deps']> => ({
  sleep: async (milliseconds) => {
    await proxy.deps.sleep(milliseconds);
    await proxy.drain();
  },
});

/** The HTTP functions on memory adapters, called with the library's own requests and answers. */
export function memoryApp(
  script: Script = {},
  changes: Parameters<typeof memoryProxy>[1] = {},
  instead: (proxy: Proxy) => Partial<Proxy['deps']> & { readonly lists?: Lists } = () => ({}),
) {
  const proxy = memoryProxy(script, changes);
  const log: LogLine[] = [];
  const deps = {
    ...proxy.deps,
    publicUrl,
    door: httpDoor(verifyToken),
    ...instead(proxy),
  };
  const handlers = handlersOf(deps);

  async function ask(
    call: string,
    { user = 'alice', roles = ['Check.Request'], groups = [], headers, body, traceParent }: Asking = {},
  ) {
    const [method = '', target = ''] = call.split(' ');
    const url = new URL(target, 'https://host-header.example');
    const { name, params } = operationOf(method, url.pathname);
    const handler = handlers.get(name);
    if (!handler) throw new Error(`There is no handler for ${name}.`);
    const request = new HttpRequest({
      method,
      url: url.href,
      query: Object.fromEntries(url.searchParams),
      params,
      headers: {
        ...(user === '' ? {} : { authorization: `Bearer ${user}:${roles.join('+')}:${groups.join('+')}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bodyOf(body) }),
    });
    const answer = new HttpResponse(
      (await handler(request, contextOf(log, traceParent))) as ConstructorParameters<typeof HttpResponse>[0],
    );
    const text = await answer.text();
    expectAsDocumented(name, { status: answer.status, headers: answer.headers, text });
    const json = jsonIn(text) as Body;
    return { status: answer.status, headers: answer.headers, text, json };
  }

  return {
    ...proxy,
    /** The next message's step alone. */
    work: async () => {
      const message = proxy.queue.sent.shift();
      if (!message) throw new Error('The queue is empty.');
      proxy.advance(message.delaySeconds);
      await step(proxy.deps, message.checkId);
    },
    log,
    ask,
    submit: (asking: Asking = {}) => ask('POST /api/checks', { body: sampleBody, ...asking }),
  };
}

/** Nothing of what is no JSON: a stream of events. */
const jsonIn = (text: string): unknown => (text === '' || text.startsWith('event:') ? {} : JSON.parse(text));

const contextOf = (log: LogLine[], traceParent: string | undefined) =>
  new InvocationContext({
    functionName: 'function',
    ...(traceParent !== undefined && { traceContext: { traceParent } }),
    logHandler: (level, ...args) => log.push({ level, text: args.join(' ') }),
  });

/** Tokens are `name:role+role:group+group`; what a real one goes through is tested in `test/caller`. */
function verifyToken(authorization: string | undefined, via: Via) {
  const [, name, roles = '', groups = ''] = /^Bearer ([^:]+):([^:]*):(.*)$/.exec(authorization ?? '') ?? [];
  if (name === undefined) return Promise.reject(new Problem('InvalidToken', 'Send an access token.'));
  const known = roles.split('+').filter((role) => roleSchema.safeParse(role).success);
  const { requester, ...caller } = sampleCaller(name, known);
  return Promise.resolve({ ...caller, requester: { ...requester, via }, groups: groups.split('+').filter(Boolean) });
}

/** What lists need beside the rest, where there is storage that can be searched. */
type Lists = Pick<Parameters<typeof listChecks>[0], 'checkList' | 'knownRequesters'>;

const noneListed = () => Promise.resolve({ checks: [] });
const noLists: Lists = {
  checkList: { page: noneListed, seenPage: noneListed },
  knownRequesters: { named: () => Promise.resolve([]), hasDecided: () => Promise.resolve(false) },
};

const handlersOf = (deps: Proxy['deps'] & Parameters<typeof submitCheck>[0] & { readonly lists?: Lists }) =>
  new Map<OperationName, HttpHandler>([
    ['submitCheck', submitCheck(deps)],
    ...(deps.lists ? [['listChecks', listChecks({ ...deps, ...deps.lists })] as const] : []),
    ['getCheck', getCheck(deps)],
    ['getResult', getResult(deps)],
    ['cancelCheck', cancelCheck(deps)],
    ['rerunCheck', rerunCheck(deps)],
    ['compareCheck', compareCheck(deps)],
    ['shareCheck', shareCheck(deps)],
    ['unshareCheck', unshareCheck(deps)],
    ['getFlow', getFlow(deps)],
    ['createSet', createSet(deps)],
    ['listSets', listSets(deps)],
    ['getSet', getSet(deps)],
    ['rerunSet', rerunSet(deps)],
    ['cancelSet', cancelSet(deps)],
    ['getMe', getMe(deps)],
    ['callMcp', callMcp({ ...deps, ...(deps.lists ?? noLists), door: mcpDoor(verifyToken, { publicUrl, audiences }) })],
    ['openMcpStream', refuseMethod],
    ['endMcpSession', refuseMethod],
    ['beginConnectivityCheck', beginCheck({ ...deps, door: armDoor(verifyToken) })],
    ['getOperationResult', getOperationResult({ ...deps, door: armDoor(verifyToken) })],
  ]);

function bodyOf(body: unknown) {
  if (body instanceof Uint8Array) return { bytes: body };
  return { string: typeof body === 'string' ? body : JSON.stringify(body) };
}
