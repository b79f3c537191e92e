import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/network-watcher/exchange.ts';
import { operation } from '../../src/network-watcher/operation.ts';
import { numRuns } from '../support/run/num-runs.ts';

const origin = 'https://management.azure.com';
const now = new Date('2024-05-06T07:08:09Z');
const next = `${origin}/subscriptions/s/operationResults/1?t=2&s=abc`;
const begin = 'begin' as const;
const poll = 'poll' as const;
const both = [begin, poll];

const exchange = (status: number, body = '', headers: Record<string, string> = {}): Exchange => ({
  kind: 'answer',
  status,
  headers: new Headers(headers),
  body,
});
const polledUrl = `${origin}/subscriptions/s/operationResults/1?t=1&s=old`;
const read = (call: 'begin' | 'poll', status: number, body = '', headers: Record<string, string> = {}) =>
  operation({ origin, now, ...(call === 'poll' && { polledUrl }) }, call, exchange(status, body, headers));
const error = (code: string, message = 'no', details: unknown[] = []) =>
  JSON.stringify({ error: { code, message, details } });

describe('200 with a result', () => {
  test.each([
    '{"connectionStatus":"Reachable","hops":[],"probesSent":12345678901234567890}',
    ' {"connectionStatus" : "Reach\\"able", "hops":[{"address":"a:b\\\\","id":":\\":"}] } ',
    '{"connectionStatus":"","hops":[{"id":"1"},{"id":"2"}],"__proto__":{"a":1}}',
  ])('is kept as it came: %s', (body) => {
    for (const call of both) expect(read(call, 200, body)).toEqual({ arm: { status: 200 }, kind: 'done', body });
  });

  test.each([
    ['{"connectionStatus":"Reachable","hops":[{"address":"10.99.0.4"}],"hops":[]}'],
    ['{"connectionStatus":"Reachable","hops":[{"address":"10.99.0.4","\\u0061ddress":"10.2.0.4"}]}'],
  ])('of which a member is given twice is kept as it was read: %s', (body) => {
    const answered = read(poll, 200, body);
    expect(answered).toMatchObject({ kind: 'done', body: JSON.stringify(JSON.parse(body)) });
    expect(JSON.stringify(answered)).not.toContain('10.99.0.4');
  });

  test('is kept as it came, whatever JSON it is, where no member is given twice.', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(2), (more, indent) => {
        const body = JSON.stringify({ ...more, connectionStatus: 'Reachable', hops: [] }, null, indent);
        const answered = read(poll, 200, body);
        if (answered.kind === 'done') expect(answered.body).toBe(body);
      }),
      { numRuns: numRuns(1000) },
    );
  });
});

describe('202', () => {
  test.each(both)('is running at the new Location after the wait that was told, on $kind.', (call) => {
    expect(read(call, 202, 'null', { location: next, 'retry-after': '17' })).toEqual({
      arm: { status: 202 },
      kind: 'running',
      operationUrl: next,
      afterSeconds: 17,
    });
  });

  test.each(['10abc', '9'.repeat(400), '-1', ''])('waits 60 s where Retry-After is %j.', (retryAfter) => {
    expect(read(begin, 202, '', { location: next, 'retry-after': retryAfter })).toMatchObject({ afterSeconds: 60 });
  });

  test('waits 60 s without a Retry-After, and until an HTTP date.', () => {
    expect(read(begin, 202, 'null', { location: next })).toMatchObject({ kind: 'running', afterSeconds: 60 });
    const date = 'Mon, 06 May 2024 07:08:39 GMT';
    expect(read(poll, 202, 'null', { location: next, 'retry-after': date })).toMatchObject({ afterSeconds: 30 });
  });

  test.each([
    ['retry-after', '25.7', 26],
    ['retry-after', '0,941641', 1],
    ['retry-after', '17, 40', 40],
    ['x-ms-retry-after-ms', '17001', 18],
    ['retry-after-ms', '90000', 90],
  ])('waits as %s: %s tells, on the POST and on a poll.', (name, value, afterSeconds) => {
    for (const call of both)
      expect(read(call, 202, '', { location: next, [name]: value })).toMatchObject({ afterSeconds });
  });

  test.each([
    ['/subscriptions/s/providers/Microsoft.Network/locations/westus/operationResults/1?api-version=2023-09-01'],
    ['/op?a=/../b&c=%2F'],
  ])('is followed on ARM’s own origin where Location is the path %s.', (location) => {
    for (const call of both)
      expect(read(call, 202, 'null', { location })).toMatchObject({ kind: 'running', operationUrl: origin + location });
  });

  test('without a Location fails the POST at once, and says so.', () => {
    expect(read(begin, 202, 'null', { 'retry-after': '10' })).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'AzureFailed',
        message: expect.stringContaining('it is absent') as string,
        answer: { status: 202, body: 'null' },
      },
    });
  });

  test.each([
    ['', ''],
    ['//management.azure.com/a', ''],
    ['//evil.example/a', 'evil.example'],
    ['/\\evil.example/a', 'evil.example'],
    ['https://evil.example/a', 'evil.example'],
    ['https://westus.management.azure.com/subscriptions/s', 'westus.management.azure.com'],
    ['https://x@management.azure.com/a', ''],
    ['http://management.azure.com/a', 'management.azure.com'],
  ])(
    'with the Location %j fails the POST at once and names the host; a poll goes on where it asked.',
    (location, host) => {
      expect(read(begin, 202, 'null', { location })).toMatchObject({
        kind: 'failed',
        failure: {
          code: 'AzureFailed',
          message: expect.stringContaining(
            `not a plain URL on ARM_ENDPOINT${host && ` but leads to ${host}`})`,
          ) as string,
        },
      });
      const poll = read('poll', 202, 'null', { location });
      expect(poll).toMatchObject({ kind: 'running', operationUrl: polledUrl, afterSeconds: 60 });
    },
  );

  test('without a Location goes on at the URL that was polled.', () => {
    expect(read(poll, 202, '')).toMatchObject({ kind: 'running', operationUrl: polledUrl, afterSeconds: 60 });
  });
});

describe('200', () => {
  test.each(both)('is done with the body as it came, whatever the Location, on $kind.', (call) => {
    const body = ' {"connectionStatus":"Reachable",\r\n"probesSent": 66}\n';
    expect(read(call, 200, body, { location: next, 'retry-after': '10' })).toEqual({
      arm: { status: 200 },
      kind: 'done',
      body,
    });
  });

  test.each([
    'null',
    '',
    '[]',
    '"text"',
    '7',
    'true',
    '<html></html>',
    '{"a":',
    '{"status":"Succeeded"}',
    '{"status":""}',
  ])('with the body %j is no result: it is tried again four times, then AzureFailed.', (body) => {
    expect(read(poll, 200, body)).toMatchObject({
      kind: 'retry',
      atMost: 4,
      failure: { code: 'AzureFailed', answer: { status: 200, body } },
    });
  });

  const words = ['InProgress', 'Running', 'Accepted', 'Updating', 'Pending', 'running', 'In Progress', 'Canceling'];
  test.each(words)('that says %s runs on, wherever it says so, as told or after 60 s.', (word) => {
    const bodies = [{ status: word }, { provisioningState: word }, { properties: { provisioningState: word } }];
    for (const body of bodies.map((one) => JSON.stringify(one))) {
      expect(read(poll, 200, body, { 'retry-after': '10' })).toMatchObject({
        kind: 'running',
        operationUrl: polledUrl,
        afterSeconds: 10,
      });
      expect(read(begin, 200, body, { location: next })).toMatchObject({
        kind: 'running',
        operationUrl: next,
        afterSeconds: 60,
      });
    }
  });

  const result = { connectionStatus: 'Reachable', hops: [] };
  test.each([
    [{ status: 'Succeeded', properties: { output: result } }],
    [{ status: 'Succeeded', properties: result }],
    [{ properties: { provisioningState: 'Succeeded', ...result } }],
    [{ ...result, status: 'InProgress' }],
  ])('is done with a result that is wrapped or not, and keeps the body as it came: %j', (value) => {
    const body = JSON.stringify(value);
    expect(read(poll, 200, body)).toEqual({ arm: { status: 200 }, kind: 'done', body });
  });

  test.each([
    [{ status: 'Succeeded', properties: { output: {} } }],
    [{ status: 'Succeeded', properties: { output: '{"hops":[]}' } }],
    [{ ...result, properties: { output: result } }],
  ])('is unreadable where it says that it is done and has no result, or two: %j', (value) => {
    expect(read(poll, 200, JSON.stringify(value))).toMatchObject({ kind: 'retry', atMost: 4 });
  });

  test('that has failed tells the error that its properties have.', () => {
    const body = JSON.stringify({ status: 'Failed', properties: { error: { code: 'AgentGone', message: 'x' } } });
    expect(read(poll, 200, body)).toMatchObject({
      kind: 'failed',
      failure: {
        innererror: { code: 'AgentGone', message: 'x' },
        message: expect.stringContaining('(AgentGone)') as string,
      },
    });
  });

  test.each(['Failed', 'Canceled', 'failed', 'CANCELLED'])(
    'with the status %s is a failed operation, its error trimmed.',
    (status) => {
      const body = JSON.stringify({
        status,
        error: { code: ' Sick', message: ' It is sick. ', details: [{ code: ' Inner ', more: 1 }, 7] },
      });
      expect(read(poll, 200, body)).toEqual({
        arm: { status: 200 },
        kind: 'failed',
        failure: {
          code: 'AzureFailed',
          message: 'Azure ended the check without a result (Sick).',
          advice: { action: 'See innererror, then submit it again.', owner: 'requester' },
          innererror: { code: 'Sick', message: 'It is sick.', details: [{ code: 'Inner', more: 1 }, 7] },
          answer: { status: 200, body },
        },
      });
    },
  );

  test('that is too large ends as ResultTooLarge.', () => {
    const oversized: Exchange = { kind: 'oversized', status: 200, headers: new Headers() };
    expect(operation({ origin, now }, poll, oversized)).toMatchObject({
      kind: 'failed',
      failure: { code: 'ResultTooLarge' },
    });
  });
});

describe('Trouble', () => {
  test('A busy target waits as its message tells, where the header tells nothing usable.', () => {
    const details = [
      {
        code: 'RetryableErrorDueToAnotherOperation',
        message: 'Operation ConnectivityOperation (guid) runs. The call can be retried in 14 seconds.',
      },
    ];
    const body = error('RetryableError', 'A retryable error occured.', details);
    const busy = read(begin, 429, body);
    expect(busy).toMatchObject({ kind: 'retry', afterSeconds: 14, failure: { code: 'AzureRefused' } });
    expect(busy).not.toHaveProperty('atMost');
    expect(read(begin, 429, body, { 'retry-after': '20' })).toMatchObject({ afterSeconds: 20 });
    expect(read(begin, 429, body, { 'retry-after': '10' })).toMatchObject({ afterSeconds: 14 });
    expect(read(begin, 429, body, { 'retry-after': '10abc' })).toMatchObject({ afterSeconds: 14 });
  });

  test.each([`${'9'.repeat(400)} seconds`, '-3 seconds', 'a while'])(
    'A busy target that can be retried in %s told no wait.',
    (wait) => {
      const body = error('RetryableError', '', [
        { code: 'RetryableErrorDueToAnotherOperation', message: `It can be retried in ${wait}.` },
      ]);
      expect(read(begin, 429, body)).not.toHaveProperty('afterSeconds');
    },
  );

  test.each([
    [429, error('TooManyRequests')],
    [409, error(' AnotherOperationInProgress')],
    [408, ''],
    [500, error('InternalServerError')],
    [502, '<html>Bad gateway</html>'],
    [503, ''],
    [599, 'null'],
  ])(
    '%i is tried again until the deadline, as told or by our own back-off, and its Location is not followed.',
    (status, body) => {
      for (const call of both) {
        const told = read(call, status, body, { 'retry-after': '3600', location: next });
        expect(told).toMatchObject({ kind: 'retry', afterSeconds: 3600, failure: { answer: { status, body } } });
        expect(told).not.toHaveProperty('atMost');
        expect(read(call, status, body, { 'retry-after': '10abc' })).not.toHaveProperty('afterSeconds');
      }
    },
  );

  test.each([
    [500, error('InternalServerError')],
    [503, ''],
    [408, ''],
    [200, '<html></html>'],
  ])('%i on the POST is given up after four minutes, and not by number.', (status, body) => {
    const answer = read(begin, status, body);
    expect(answer).toMatchObject({ kind: 'retry', forSeconds: 240, failure: { code: 'AzureFailed' } });
    expect(answer).not.toHaveProperty('atMost');
    expect(read(poll, status, body)).not.toHaveProperty('forSeconds');
  });

  test.each([400, 403, 404, 409, 429, 500, 503])('%i RetryableError is tried again, with any details.', (status) => {
    const body = error('RetryableError', 'again', [{ code: 'ReferencedResourceNotProvisioned', message: 'Updating' }]);
    for (const call of both) {
      const answer = read(call, status, body);
      expect(answer.kind).toBe('retry');
      expect(answer).not.toHaveProperty('atMost');
      expect(answer).not.toHaveProperty('forSeconds');
    }
    expect(read(begin, 400, error('Bad', '', [{ code: 'RetryableError' }]))).toMatchObject({ kind: 'failed' });
  });

  test.each([
    [409, 'ScopeLocked', /lock/],
    [403, 'RequestDisallowedByPolicy', /policy/],
    [409, 'MissingSubscriptionRegistration', /register/],
    [403, 'ReadOnlyDisabledSubscription', /enable/],
  ])('%i %s fails at once and sends nobody to correct the request.', (status, code, action) => {
    for (const body of [error(code), error('Wrapped', '', [{ code }])])
      expect(read(begin, status, body)).toMatchObject({
        kind: 'failed',
        failure: {
          code: 'AzureRefused',
          advice: { owner: 'proxy operator', action: expect.stringMatching(action) as string },
        },
      });
  });

  test.each([
    [412, ''],
    [409, error('Conflict')],
  ])('%i of another change is tried again four times.', (status, body) => {
    for (const call of both) expect(read(call, status, body)).toMatchObject({ kind: 'retry', atMost: 4 });
  });

  test('410 on a poll is the end of the operation.', () => {
    expect(read(poll, 410)).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'AzureRefused',
        message: expect.stringContaining('does not know the operation any more') as string,
      },
    });
  });

  test('404 on a poll by ARM’s own front door is waited out.', () => {
    const answer = read(poll, 404, error('NotFound'), { 'x-ms-failure-cause': 'gateway' });
    expect(answer.kind).toBe('retry');
    expect(answer).not.toHaveProperty('atMost');
  });

  test.each(both)('401 is tried again four times and then AzureRefused, on %s.', (call) => {
    expect(read(call, 401, error('InvalidAuthenticationToken'))).toMatchObject({
      kind: 'retry',
      atMost: 4,
      failure: { code: 'AzureRefused', advice: { action: expect.stringContaining('cloud and tenant') as string } },
    });
  });

  test.each<[string, string, Record<string, string>]>([
    ['its code', error('ExpiredAuthenticationToken'), {}],
    [
      'its challenge',
      '',
      { 'www-authenticate': 'Bearer error="invalid_token", error_description="The token is expired"' },
    ],
  ])('401 about expiry, as %s says, is waited out and does not speak of the cloud.', (_, body, headers) => {
    for (const call of both) {
      const answer = read(call, 401, body, headers);
      expect(answer).toMatchObject({
        kind: 'retry',
        failure: { code: 'AzureRefused', advice: { owner: 'proxy operator' } },
      });
      expect(answer).not.toHaveProperty('atMost');
      expect(JSON.stringify(answer)).not.toContain('tenant');
    }
  });

  test.each([403, 404])('%i on a poll is tried again four times and then AzureRefused.', (status) => {
    expect(read(poll, status, error('NotFound'))).toMatchObject({
      kind: 'retry',
      atMost: 4,
      failure: { code: 'AzureRefused' },
    });
  });

  test('403 on the POST fails at once and names the right that ARM missed, else the one that the call needs.', () => {
    const message =
      "The client 'x' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/read' over scope '/s'.";
    expect(read(begin, 403, error(' AuthorizationFailed', ` ${message}`))).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'AzureRefused',
        message: "The proxy's identity lacks the right Microsoft.Compute/virtualMachines/read.",
        advice: { owner: 'proxy operator' },
        innererror: { code: 'AuthorizationFailed', message },
      },
    });
    expect(read(begin, 403, error('AuthorizationFailed'))).toMatchObject({
      failure: {
        message: expect.stringContaining(
          'lacks the right Microsoft.Network/networkWatchers/connectivityCheck/action',
        ) as string,
      },
    });
  });

  test.each(['ResourceNotFound', 'ResourceGroupNotFound', 'NotFound'])(
    '404 %s on the POST fails at once and says what is missing.',
    (code) => {
      expect(read(begin, 404, error(code))).toMatchObject({
        kind: 'failed',
        failure: {
          code: 'AzureRefused',
          message: expect.stringContaining(`the network watcher was not found (${code})`) as string,
        },
      });
    },
  );

  test.each([400, 402, 403, 405, 409, 410, 418, 499])(
    '%i with an unknown code or none fails the POST at once, as ARM said it.',
    (status) => {
      for (const body of [error('Whatever'), '<html></html>', '']) {
        expect(read(begin, status, body)).toMatchObject({
          kind: 'failed',
          failure: { code: 'AzureRefused', answer: { status, body } },
        });
      }
    },
  );

  test.each([300, 301, 302, 303, 307, 308])('%i is never followed: AzureFailed at once.', (status) => {
    for (const call of both) {
      expect(read(call, status, '', { location: next })).toMatchObject({
        kind: 'failed',
        failure: { code: 'AzureFailed' },
      });
    }
  });

  test.each([0, 201, 204, 206, 600])('%i is no answer that this call has: bounded retry.', (status) => {
    expect(read(poll, status)).toMatchObject({ kind: 'retry', atMost: 4, failure: { code: 'AzureFailed' } });
  });

  test('No answer and no token are tried again until the deadline, and name no status.', () => {
    for (const mishap of ['no answer', 'no token'] as const) {
      const answer = operation({ origin, now }, begin, { kind: 'no-response', mishap, detail: 'ECONNREFUSED' });
      expect(answer).toMatchObject({ arm: {}, kind: 'retry', failure: { code: 'AzureFailed' } });
      expect(answer).not.toHaveProperty('atMost');
    }
  });
});

test('The ids of an answer are kept for the audit, unless they are no short printable word.', () => {
  const ids = { 'x-ms-request-id': 'r-1', 'x-ms-correlation-request-id': 'c-1' };
  expect(read(poll, 500, '', ids).arm).toEqual({ status: 500, requestId: 'r-1', correlationId: 'c-1' });
  expect(read(poll, 500, '', { 'x-ms-request-id': 'a b', 'x-ms-correlation-request-id': 'x'.repeat(129) }).arm).toEqual(
    { status: 500 },
  );
});

test('An error keeps every member that ARM sent, and a code that is no plain word stays out of the message.', () => {
  const value = { code: 'Bad\n<script>', message: 7, target: null, innererror: { a: [1] }, details: null };
  const answer = read(begin, 400, JSON.stringify({ error: value }));
  expect(answer).toMatchObject({ kind: 'failed', failure: { innererror: value } });
  expect(answer).toMatchObject({ failure: { message: expect.stringContaining('(400 no code)') as string } });
});

test('Every answer is read without a throw: any status, any body, any headers.', () => {
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    fc.json().map((json) => `{"error":${json}}`),
    fc.json().map((json) => `{"error":{"code":${json},"details":[${json}]}}`),
  );
  const values = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(
      fc.constantFrom(...both),
      fc.integer({ min: 0, max: 999 }),
      bodies,
      values,
      values,
      (call, status, body, location, retryAfter) => {
        const answer = read(call, status, body, { location, 'retry-after': retryAfter });
        expect(['running', 'done', 'failed', 'retry']).toContain(answer.kind);
        if (answer.kind === 'done') expect(status).toBe(200);
        if (answer.kind === 'running') expect([200, 202]).toContain(status);
      },
    ),
    { numRuns: numRuns(1000) },
  );
});
