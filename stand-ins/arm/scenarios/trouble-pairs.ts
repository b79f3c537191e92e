import { findings } from './findings.ts';
import type { Dialect, Outcome, Refusal } from './outcome.ts';
import type { Pair } from './pair.ts';
import { resources } from './resources.ts';

const { web1 } = resources;

/** Pairs whose check is refused, fails or gets lost. What ends well after a refusal is reachable then. */
export const troublePairs: readonly Pair[] = [
  pair('10.1.5.1', 'busy twice: 429 RetryableError', refused(2, '10.1.5.1', 429, busy())),
  pair(
    '10.1.5.2',
    'throttled once: 429 TooManyRequests with Retry-After',
    refused(1, '10.1.5.2', 429, error('TooManyRequests', 'The request was throttled. Try again after 17 seconds.'), {
      retryAfter: 17,
    }),
  ),
  pair(
    '10.1.5.3',
    'always 403: the identity lacks a right',
    always(
      403,
      error(
        'AuthorizationFailed',
        "The client does not have authorization to perform action 'Microsoft.Network/networkWatchers/connectivityCheck/action' over the scope of the network watcher, or the scope is invalid.",
      ),
    ),
  ),
  pair(
    '10.1.5.4',
    'always 404',
    always(404, error('ResourceNotFound', 'The resource of the destination was not found.')),
  ),
  pair(
    '10.1.5.5',
    'once 409: another operation is in progress',
    refused(
      1,
      '10.1.5.5',
      409,
      error('AnotherOperationInProgress', 'Another operation on this or dependent resource is in progress.'),
    ),
  ),
  pair(
    '10.1.5.6',
    'once 500, with a Location that leads nowhere',
    refused(1, '10.1.5.6', 500, error('InternalServerError', 'An error occurred.'), { withLocation: true }),
  ),
  pair(
    '10.1.5.7',
    'once 502, in HTML',
    refused(1, '10.1.5.7', 502, '<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>'),
  ),
  pair('10.1.5.8', 'the poll that ends it answers 400', {
    kind: 'fails',
    answer: {
      status: 400,
      body: error('ConnectivityCheckFailed', 'The network watcher agent could not run the check.'),
    },
  }),
  // Azure's asynchronous operations have been seen to fail with 200, and with leading blanks.
  pair('10.1.5.9', 'the poll that ends it answers 200 and Failed', {
    kind: 'fails',
    answer: {
      status: 200,
      body: { status: 'Failed', ...error(' AgentCommunicationFailed', ' The agent did not answer.') },
    },
  }),
  pair('10.1.5.10', 'never ends', { kind: 'never ends' }),
  pair('10.1.5.11', 'accepted without a Location', { kind: 'has no location' }),
  pair('10.1.5.12', 'accepted, then every poll is 404', { kind: 'is lost' }),
  pair('10.1.5.13', 'runs and ends in states of 200, its result wrapped', inDialect('10.1.5.13', 'states')),
  pair('10.1.5.14', 'a relative Location, and polls without one', inDialect('10.1.5.14', 'few locations')),
  pair('10.1.5.15', 'not known to a region of ARM at first', inDialect('10.1.5.15', 'unknown at first')),
  pair('10.1.5.16', 'once 409 RetryableError, of another kind than busy', refused(1, '10.1.5.16', 409, retryable())),
  pair(
    '10.1.5.17',
    'always 409: a lock forbids every POST',
    always(409, error('ScopeLocked', 'The scope cannot perform the operation because it is locked. Remove the lock.')),
  ),
];

function inDialect(address: string, dialect: Dialect): Outcome {
  return { kind: 'completes in a dialect', finding: findings.reachable({ type: 'VirtualNetwork', address }), dialect };
}

function pair(destination: string, description: string, outcome: Outcome): Pair {
  return { source: web1.id, destination, port: 443, protocol: 'Tcp', description, outcome };
}

function refused(
  times: number,
  address: string,
  status: number,
  body: Refusal['body'],
  more: Partial<Refusal> = {},
): Outcome {
  const finding = findings.reachable({ type: 'VirtualNetwork', address });
  return { kind: 'refused', times, refusal: { status, body, ...more }, finally: finding };
}

function always(status: number, body: Refusal['body']): Outcome {
  return { kind: 'refused', times: Infinity, refusal: { status, body } };
}

function error(code: string, message: string) {
  return { error: { code, message, details: [] } };
}

function retryable() {
  const message = 'The resource web-01-nic is in Updating state and cannot be used just now.';
  const details = [{ code: 'ReferencedResourceNotProvisioned', message }];
  return { error: { code: 'RetryableError', message: 'A retryable error occurred.', details } };
}

function busy() {
  const operation = 'ConnectivityOperation (5a3c1e0f-0000-4000-8000-000000000001)';
  const message = `Operation ${operation} is updating resource web-01. The call can be retried in 14 seconds.`;
  const details = [{ code: 'RetryableErrorDueToAnotherOperation', message }];
  return { error: { code: 'RetryableError', message: 'A retryable error occured.', details } };
}
