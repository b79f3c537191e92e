import { type ArmAnswer, networkAnswer, networkError } from './arm-answer.ts';
import { parseCheckRequest, type CheckRequest } from './check-request.ts';
import { connectivityBody } from './scenarios/connectivity-body.ts';
import { findMissing } from './find-missing.ts';
import { findOutcome } from './scenarios/find-outcome.ts';
import type { Operation } from './operations.ts';
import type { Finding, Outcome, Refusal } from './scenarios/outcome.ts';
import type { Pair } from './scenarios/pair.ts';
import { pollAnswer } from './poll-operation.ts';
import type { Resource } from './scenarios/resources.ts';
import type { ArmRequest, Simulator } from './simulator.ts';

/** `POST {networkWatcher}/connectivityCheck` */
export async function beginCheck(simulator: Simulator, request: ArmRequest, watcherId: string): Promise<ArmAnswer> {
  const missing = findMissing(simulator.world, watcherId);
  if (missing) return missing;
  const parsed = parseCheckRequest(request.body);
  if ('faults' in parsed) {
    const details = parsed.faults.map((message) => ({ code: 'InvalidJson', message }));
    return networkError(400, 'InvalidRequestFormat', 'Cannot parse the request.', details);
  }
  const source = findSource(simulator, watcherId, parsed.request.sourceId);
  return 'status' in source ? source : begin(simulator, request, source, parsed.request);
}

function findSource({ world }: Simulator, watcherId: string, sourceId: string): Resource | ArmAnswer {
  const source = world.resources.find(({ id }) => id.toLowerCase() === sourceId.toLowerCase());
  if (!source) return networkError(404, 'NotFound', `Resource ${sourceId} not found.`);
  const watcher = world.watchers.find(({ id }) => id.toLowerCase() === watcherId.toLowerCase());
  const sameRegion = watcher?.location.toLowerCase() === source.location.toLowerCase();
  if (sameRegion && subscription(watcherId) === subscription(sourceId)) return source;
  // Inferred: no recording has this error.
  const place = `${watcher?.location ?? 'its region'} of subscription ${subscription(watcherId)}`;
  const message = `Resource ${source.id} is not in ${place}, the region and subscription of the network watcher.`;
  return networkError(400, 'InvalidResourceLocation', message);
}

function subscription(id: string): string {
  return id.split('/')[2]?.toLowerCase() ?? '';
}

async function begin(simulator: Simulator, request: ArmRequest, source: Resource, check: CheckRequest) {
  // The same source and destination: https://github.com/Azure/azure-rest-api-specs/issues/7650
  const running = simulator.operations.running(source, check.destination);
  if (running) return busy(simulator, running);
  const { pair, outcome: declared } = findOutcome(simulator.world, source, check);
  const outcome = nextOutcome(simulator, pair, declared);
  if ('status' in outcome) return refuse(simulator, request, outcome);
  const operation = simulator.operations.begin({ check, source, outcome });
  await simulator.pace.holdPost();
  if (outcome.kind === 'completes' && outcome.atOnce) return atOnce(simulator, request, operation, outcome.finding);
  const answer = pollAnswer(simulator, request, operation, { status: 202, body: null });
  if (outcome.kind !== 'has no location') return answer;
  const headers = Object.entries(answer.headers).filter(([name]) => name !== 'location');
  return { ...answer, headers: Object.fromEntries(headers) };
}

function atOnce(simulator: Simulator, request: ArmRequest, operation: Operation, finding: Finding): ArmAnswer {
  const body = connectivityBody(operation.id, operation.source, finding);
  return pollAnswer(simulator, request, operation, { status: 200, body });
}

/** Counts a pair's refusals, and starts again once it was let through. */
function nextOutcome({ refusals }: Simulator, pair: Pair | undefined, outcome: Outcome): Refusal | Outcome {
  if (pair === undefined || outcome.kind !== 'refused') return outcome;
  const before = refusals.get(pair) ?? 0;
  if (before < outcome.times || !outcome.finally) {
    refusals.set(pair, before + 1);
    return outcome.refusal;
  }
  refusals.delete(pair);
  return { kind: 'completes', finding: outcome.finally };
}

function refuse({ pace, locations, url }: Simulator, request: ArmRequest, refusal: Refusal): ArmAnswer {
  const [, , subscriptionId = ''] = request.url.pathname.split('/');
  const nowhere = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/locations/westeurope/operationResults/00000000-0000-4000-8000-000000000000`;
  return networkAnswer(refusal.status, refusal.body, {
    ...(refusal.retryAfter !== undefined && { 'retry-after': pace.seconds(refusal.retryAfter) }),
    ...(refusal.withLocation && { location: `${url}${locations.sign(nowhere, request.apiVersion)}` }),
  });
}

function busy({ now }: Simulator, { id, endsAt, source }: Operation): ArmAnswer {
  const seconds = Math.max(1, Math.ceil((endsAt - now()) / 1000));
  const message = `Operation ConnectivityOperation (${id}) is updating resource ${source.id}. The call can be retried in ${seconds} seconds.`;
  const details = [{ code: 'RetryableErrorDueToAnotherOperation', message }];
  return networkError(429, 'RetryableError', 'A retryable error occured.', details);
}
