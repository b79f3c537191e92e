import { type ArmAnswer, gatewayError, networkAnswer } from './arm-answer.ts';
import { beginCheck } from './begin-check.ts';
import { findMissing } from './find-missing.ts';
import { listWatchers } from './list-watchers.ts';
import { pollOperation } from './poll-operation.ts';
import { resourceBody, watcherBody } from './resource-body.ts';
import type { ArmRequest, Simulator } from './simulator.ts';

const check =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/networkWatchers\/[^/]+)\/connectivityCheck$/i;
const operation =
  /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Network\/locations\/[^/]+\/operationResults\/([^/]+)$/i;
const watchers = /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Network\/networkWatchers$/i;
const resource = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(?:\/[^/]+\/[^/]+)+$/i;

/** Which of ARM's operations a request asks for; `checks`, `polls` and `reads` are what the simulator counts. */
export function kindOfRequest(method: string, path: string): 'checks' | 'polls' | 'reads' {
  if (method === 'POST' && check.test(path)) return 'checks';
  return operation.test(path) ? 'polls' : 'reads';
}

/** Answers a request that is authorized and names its api-version. */
export async function routeRequest(simulator: Simulator, method: string, request: ArmRequest): Promise<ArmAnswer> {
  const path = decodeURIComponent(request.url.pathname);
  const [, watcherId] = check.exec(path) ?? [];
  if (method === 'POST' && watcherId !== undefined) return beginCheck(simulator, request, watcherId);
  if (method !== 'GET') return gatewayError(405, 'MethodNotAllowed', `${method} is not supported here.`);
  const [, operationId] = operation.exec(path) ?? [];
  if (operationId !== undefined) return pollOperation(simulator, request, operationId);
  const [, subscription] = watchers.exec(path) ?? [];
  if (subscription !== undefined) return listWatchers(simulator, request, subscription);
  if (resource.test(path)) return readResource(simulator, path);
  return gatewayError(404, 'NotFound', `Nothing is served at ${path}.`);
}

function readResource({ world }: Simulator, id: string): ArmAnswer {
  const missing = findMissing(world, id);
  if (missing) return missing;
  const same = (one: { readonly id: string }) => one.id.toLowerCase() === id.toLowerCase();
  const source = world.resources.find(same);
  if (source) return networkAnswer(200, resourceBody(source));
  return networkAnswer(200, world.watchers.filter(same).map(watcherBody)[0]);
}
