import { type ArmAnswer, gatewayError, networkAnswer, networkError } from './arm-answer.ts';
import { connectivityBody } from './scenarios/connectivity-body.ts';
import { carriedOf, type Operation, operationOf } from './operations.ts';
import type { ArmRequest, Simulator } from './simulator.ts';

/** How long the real service asks to wait between polls. */
const RETRY_AFTER_SECONDS = 10;

/** `GET …/operationResults/{id}` with a signed URL; any that was signed once is honoured, not only the newest. */
export function pollOperation(simulator: Simulator, request: ArmRequest, id: string): ArmAnswer {
  const carried = simulator.locations.read(request.pathAndQuery);
  // Inferred: no recording has an altered URL.
  if (carried === undefined) {
    return gatewayError(403, 'InvalidOperationSignature', 'The URL of the operation is not as it was issued.');
  }
  const operation = operationOf(simulator.world, id, carried);
  if (!operation || operation.outcome.kind === 'is lost') {
    return networkError(404, 'NotFound', `Operation ${id} not found.`);
  }
  return pollAnswer(simulator, request, operation, stateOf(operation, simulator.now()));
}

function stateOf({ id, source, outcome, endsAt }: Operation, now: number) {
  if (endsAt <= now) {
    if (outcome.kind === 'completes') return { status: 200, body: connectivityBody(id, source, outcome.finding) };
    if (outcome.kind === 'fails') return outcome.answer;
  }
  return { status: 202, body: null };
}

/** An answer that speaks of an operation: with the newest URL to poll, and with a time to wait while it runs. */
export function pollAnswer(
  { url, locations, pace }: Simulator,
  { url: { pathname }, apiVersion }: ArmRequest,
  operation: Operation,
  { status, body }: { readonly status: number; readonly body: unknown },
): ArmAnswer {
  const { id, source } = operation;
  const [, , subscription = ''] = pathname.split('/');
  const place = `/subscriptions/${subscription}/providers/Microsoft.Network/locations/${source.location.toLowerCase()}`;
  return networkAnswer(status, body, {
    location: `${url}${locations.sign(`${place}/operationResults/${id}`, apiVersion, carriedOf(operation))}`,
    'x-ms-request-id': id,
    ...(status === 202 && { 'retry-after': pace.seconds(RETRY_AFTER_SECONDS) }),
  });
}
