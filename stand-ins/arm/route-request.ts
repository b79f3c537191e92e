import { type ArmAnswer, gatewayError, networkAnswer, nothingAt } from './arm-answer.ts';
import { beginCheck } from './begin-check.ts';
import { findMissing } from './find-missing.ts';
import { listInstances, listOfType, listSubscriptions } from './lists.ts';
import { pollOperation } from './poll-operation.ts';
import { instanceView, resourceBody, watcherBody } from './resource-body.ts';
import type { ArmRequest, Simulator } from './simulator.ts';

const check =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/networkWatchers\/[^/]+)\/connectivityCheck$/i;
const operation =
  /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Network\/locations\/[^/]+\/operationResults\/([^/]+)$/i;
const graph = /^\/providers\/Microsoft\.ResourceGraph\/resources$/i;
const list = /^\/subscriptions\/([^/]+)\/providers\/([^/]+\/[^/]+)$/i;
const instances = /^(\/subscriptions\/.+\/virtualMachineScaleSets\/[^/]+)\/virtualMachines$/i;
const part = /^(.+\/virtualMachines\/[^/]+)\/(instanceView|extensions)$/i;
const resource = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(?:\/[^/]+\/[^/]+)+$/i;

/** Which of ARM's operations a request asks for; `checks`, `polls` and `reads` are what the simulator counts. */
export function kindOfRequest(method: string, path: string): 'checks' | 'polls' | 'reads' {
  if (method === 'POST' && check.test(path)) return 'checks';
  return operation.test(path) ? 'polls' : 'reads';
}

type Route = readonly [
  pattern: RegExp,
  answer: (simulator: Simulator, request: ArmRequest, parts: readonly string[]) => ArmAnswer,
];

/** What can be read; the first that fits answers. */
const reads: readonly Route[] = [
  [operation, (simulator, request, [id = '']) => pollOperation(simulator, request, id)],
  [/^\/subscriptions$/i, listSubscriptions],
  [list, (simulator, request, [subscription = '', type = '']) => listOfType(simulator, request, subscription, type)],
  [instances, (simulator, request, [setId = '']) => listInstances(simulator, request, setId)],
  [part, (simulator, _request, [id = '', what = '']) => readPart(simulator, id, what.toLowerCase())],
  [resource, (simulator, { url }) => readResource(simulator, decodeURIComponent(url.pathname), url.searchParams)],
];

/** Answers a request that is authorized and names its api-version. */
export async function routeRequest(simulator: Simulator, method: string, request: ArmRequest): Promise<ArmAnswer> {
  const path = decodeURIComponent(request.url.pathname);
  const closed = closedSubscription(simulator, path);
  if (closed) return closed;
  if (method === 'POST' && graph.test(path)) return simulator.graph.answer(simulator, request);
  const [, watcherId] = check.exec(path) ?? [];
  if (method === 'POST' && watcherId !== undefined) return beginCheck(simulator, request, watcherId);
  if (method !== 'GET') return gatewayError(405, 'MethodNotAllowed', `${method} is not supported here.`);
  const found = reads.find(([pattern]) => pattern.test(path));
  if (!found) return nothingAt(path);
  const [pattern, answer] = found;
  return answer(simulator, request, pattern.exec(path)?.slice(1) ?? []);
}

function closedSubscription({ world }: Simulator, path: string): ArmAnswer | undefined {
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1]?.toLowerCase() ?? '';
  if (!world.closed.includes(subscription)) return undefined;
  const message = `The client does not have authorization to perform this action over scope '/subscriptions/${subscription}' or the scope is invalid.`;
  return gatewayError(403, 'AuthorizationFailed', message);
}

const same =
  (id: string) =>
  (one: { readonly id: string }): boolean =>
    one.id.toLowerCase() === id.toLowerCase();

function readResource({ world }: Simulator, id: string, query: URLSearchParams): ArmAnswer {
  const missing = findMissing(world, id);
  if (missing) return missing;
  const source = world.resources.find(same(id));
  if (source) return networkAnswer(200, resourceBody(source, query.get('$expand')?.toLowerCase() === 'instanceview'));
  return networkAnswer(200, world.watchers.filter(same(id)).map(watcherBody)[0]);
}

/** `GET {machine}/instanceView` answers it bare; `GET {machine}/extensions`, with their properties. */
function readPart({ world }: Simulator, id: string, what: string): ArmAnswer {
  const missing = findMissing(world, id);
  const machine = world.resources.find(same(id));
  if (missing || !machine) return missing ?? nothingAt(`${id}/${what}`);
  if (what === 'instanceview') return networkAnswer(200, instanceView(machine));
  return networkAnswer(200, { value: resourceBody(machine)['resources'] ?? [] });
}
