import { type ArmAnswer, gatewayError, networkAnswer, networkError } from './arm-answer.ts';
import { connectivityBody } from './scenarios/connectivity-body.ts';
import { carriedOf, type Operation, operationOf } from './operations.ts';
import type { Dialect } from './scenarios/outcome.ts';
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
  const dialect = dialectOf(operation);
  const polls = simulator.operations.countPoll(id);
  if (dialect === 'unknown at first' && polls <= POLLS_IN_DIALECT) return unknownHere(simulator, id);
  // In a dialect it runs for a poll at least, so that its way of saying so is heard at any speed.
  const isOver = operation.endsAt <= simulator.now() && (dialect === undefined || polls > 1);
  const state = stateOf(operation, isOver, dialect);
  return pollAnswer(simulator, request, operation, { ...state, isPoll: true });
}

/** More than a poll is borne that is answered 404 otherwise. */
const POLLS_IN_DIALECT = 5;

const dialectOf = ({ outcome }: Operation) => (outcome.kind === 'completes in a dialect' ? outcome.dialect : undefined);

function unknownHere({ pace }: Simulator, id: string): ArmAnswer {
  const { headers, ...answer } = gatewayError(404, 'NotFound', `Operation ${id} could not be found.`);
  return { ...answer, headers: { ...headers, 'retry-after': pace.seconds(1) } };
}

function stateOf({ id, source, outcome }: Operation, isOver: boolean, dialect: Dialect | undefined): State {
  if (isOver) {
    if (outcome.kind === 'fails') return outcome.answer;
    if ('finding' in outcome) {
      const result = connectivityBody(id, source, outcome.finding);
      return {
        status: 200,
        body: dialect === 'states' ? { status: 'Succeeded', properties: { output: result } } : result,
      };
    }
  }
  return dialect === 'states'
    ? { status: 200, body: { status: 'InProgress' }, runs: true }
    : { status: 202, body: null };
}

interface State {
  readonly status: number;
  readonly body: unknown;
  /** It runs although the status is not 202. */
  readonly runs?: true;
  readonly isPoll?: true;
}

/** An answer that speaks of an operation: with the newest URL to poll, and with a time to wait while it runs. */
export function pollAnswer(
  { url, locations, pace }: Simulator,
  { url: { pathname }, apiVersion }: ArmRequest,
  operation: Operation,
  { status, body, runs, isPoll }: State,
): ArmAnswer {
  const { id, source } = operation;
  const [, , subscription = ''] = pathname.split('/');
  const place = `/subscriptions/${subscription}/providers/Microsoft.Network/locations/${source.location.toLowerCase()}`;
  const path = locations.sign(`${place}/operationResults/${id}`, apiVersion, carriedOf(operation));
  const hasFew = dialectOf(operation) === 'few locations';
  return networkAnswer(status, body, {
    ...(!(hasFew && isPoll) && { location: hasFew ? path : `${url}${path}` }),
    'x-ms-request-id': id,
    ...((status === 202 || runs) && { 'retry-after': pace.seconds(RETRY_AFTER_SECONDS) }),
  });
}
