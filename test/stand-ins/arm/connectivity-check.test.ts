import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pair } from '../../../stand-ins/arm/scenarios/pair.ts';
import { world } from '../../../stand-ins/arm/scenarios/world.ts';
import { issueMeanings } from '../../../src/verdict/issue/issue-meanings.ts';
import { type Answer, sourceNamed, startArm, watcherOf } from './arm-client.ts';
import { numRuns } from '../../support/run/num-runs.ts';

const web1 = sourceNamed('web-01');
let arm: Awaited<ReturnType<typeof startArm>>;
beforeAll(async () => {
  arm = await startArm();
});
afterAll(() => arm.arm.stop());

const check = (source: string, destination: object, more: object = { protocol: 'Tcp' }) =>
  arm.post(watcherOf(source), { source: { resourceId: source }, destination, ...more });

function checkPair({ source, destination, port, protocol }: Pair) {
  const place = destination.startsWith('/') ? { resourceId: destination } : { address: destination };
  return check(source, { ...place, port }, { protocol });
}

const summary = ({ status, text, body }: Answer) =>
  text === 'null' ? [status, null] : [status, body.connectionStatus ?? body.error?.code];
const issuesOf = ({ body }: Answer) =>
  body.hops.flatMap(({ issues, links }) =>
    [...issues, ...links.flatMap((link) => link.issues)].map(({ type }) => type),
  );
const declared = (kind: Pair['outcome']['kind']) => world.pairs.filter(({ outcome }) => outcome.kind === kind);
const described = (description: string) => {
  const found = world.pairs.find((pair) => pair.description.startsWith(description));
  if (!found) throw new Error(`No pair is described as ${description}.`);
  return found;
};

describe('pairs that are answered', () => {
  test.each([
    [{ address: 'shop.example.com', port: 443 }, {}],
    [{ address: 'shop.example.com', port: 443 }, { protocol: 'Tcp' }],
    [{ address: 'https://shop.example.com/health' }, {}],
    [{ address: 'https://shop.example.com/health' }, { protocol: 'Https' }],
  ])('A server that answers requests is reached, too, by %j with %j.', async (destination, more) => {
    const done = await arm.poll(await check(web1, destination, more));
    expect(done.body.connectionStatus).toBe('Reachable');
    const other = await arm.poll(await check(web1, { ...destination, port: 8443 }, more));
    expect(other.body.connectionStatus).toBe('Unreachable');
  });

  test.each(declared('completes').map((pair) => [pair.description, pair] as const))('%s', async (_, pair) => {
    if (pair.outcome.kind !== 'completes') throw new Error('unexpected');
    const { finding, atOnce } = pair.outcome;
    const accepted = await checkPair(pair);
    expect(accepted.headers.get('location')).toBeTruthy();
    expect([accepted.status, accepted.text === 'null']).toEqual(atOnce ? [200, false] : [202, true]);

    const done = await arm.poll(accepted);
    const { hops, ...rest } = done.body;
    const [min, avg, max] = finding.latencies ?? [];
    expect(rest).toEqual({
      connectionStatus: finding.connectionStatus,
      probesSent: finding.probesSent,
      probesFailed: finding.probesFailed,
      ...(finding.latencies && { minLatencyInMs: min, avgLatencyInMs: avg, maxLatencyInMs: max }),
      ...finding.extra,
    });
    // Each hop names the one before and the one behind it.
    const ids = hops.map(({ id }) => id);
    expect(new Set(ids).size).toBe(finding.hops.length + 1);
    expect(hops.flatMap((hop) => hop.nextHopIds)).toEqual(ids.slice(1));
    expect(hops.flatMap((hop) => hop.previousHopIds)).toEqual(ids.slice(0, -1));
    expect(hops.map(({ address }) => address).slice(1)).toEqual(finding.hops.map(({ address }) => address));
    expect((await arm.poll(done)).text).toBe(done.text);
    expect(done.headers.has('retry-after')).toBe(false);
  });

  test('web-01 reaches 10.1.2.4:1433, by address and by resource id', async () => {
    const byAddress = await arm.poll(await check(web1, { address: '10.1.2.4', port: 1433 }));
    const byId = await arm.poll(await check(web1, { resourceId: sourceNamed('sql-01').toUpperCase(), port: 1433 }));
    expect([summary(byAddress), summary(byId)]).toEqual([
      [200, 'Reachable'],
      [200, 'Reachable'],
    ]);
  });

  test('a URI is known by its host and port', async () => {
    const answer = await check(web1, { address: 'https://Shop.example.com/health', port: 0 }, { protocol: 'Https' });
    const done = await arm.poll(answer);
    expect([...summary(done), done.body.probesSent]).toEqual([200, 'Reachable', 3]);
  });

  test('every type of issue that Azure knows occurs, and one that it does not', async () => {
    const pairs = world.pairs.filter(({ description }) => description.startsWith('issue '));
    const done = await Promise.all(pairs.map(async (pair) => arm.poll(await checkPair(pair))));
    const known = issueMeanings.map(({ code }) => code).filter((code) => code !== 'NoListenerOrGuestFirewall');
    expect(new Set(done.flatMap(issuesOf))).toEqual(new Set([...known, 'GremlinsOnTheLine']));
    expect(JSON.stringify(done[3]?.body.hops)).toContain('"context":[{"key":"RuleName","value":"DenySshInbound"}]');
  });

  test('the long answer has 200 hops in several hundred kilobytes of indented JSON', async () => {
    const done = await arm.poll(await checkPair(described('reachable over 200 hops')));
    expect(done.body.hops).toHaveLength(201);
    expect(done.text.length).toBeGreaterThan(300_000);
    expect(done.text.startsWith('{\r\n  "hops": [\r\n')).toBe(true);
  });
});

describe('pairs in trouble', () => {
  test.each([
    ['busy', [[429, 'RetryableError'], [429, 'RetryableError'], 'done', [429, 'RetryableError']]],
    ['throttled', [[429, 'TooManyRequests'], 'done', [429, 'TooManyRequests']]],
    ['once 409', [[409, 'AnotherOperationInProgress'], 'done']],
    ['once 500', [[500, 'InternalServerError'], 'done']],
    ['once 502', [[502, undefined], 'done']],
    [
      'always 403',
      [
        [403, 'AuthorizationFailed'],
        [403, 'AuthorizationFailed'],
        [403, 'AuthorizationFailed'],
      ],
    ],
    [
      'always 404',
      [
        [404, 'ResourceNotFound'],
        [404, 'ResourceNotFound'],
      ],
    ],
  ])('%s', async (description, expected) => {
    for (const step of expected) {
      const answer = await checkPair(described(description));
      if (step === 'done') expect(summary(await arm.poll(answer))).toEqual([200, 'Reachable']);
      else expect(summary(answer)).toEqual(step);
    }
  });

  test('headers and details of refusals are those that a client lives by', async () => {
    const fresh = await startArm();
    const post = ({ source, destination, port, protocol }: Pair) =>
      fresh.post(watcherOf(source), {
        source: { resourceId: source },
        destination: { address: destination, port },
        protocol,
      });
    const busy = await post(described('busy'));
    expect(busy.body.error?.details[0]).toEqual({
      code: 'RetryableErrorDueToAnotherOperation',
      message: expect.stringMatching(
        /^Operation ConnectivityOperation \([0-9a-f-]{36}\).* can be retried in 14 seconds\.$/,
      ),
    });
    const broken = await post(described('once 500'));
    expect((await fresh.poll(broken)).status).toBe(404);
    const html = await post(described('once 502'));
    expect([html.headers.get('content-type'), html.text.startsWith('<html>')]).toEqual(['text/html', true]);
    expect((await post(described('throttled'))).headers.has('retry-after')).toBe(true);
    await fresh.arm.stop();
  });

  test('an operation can fail with a status, fail behind a 200, never end, get lost or have no Location', async () => {
    const accepted = await Promise.all(
      ['the poll that ends it answers 400', 'the poll that ends it answers 200', 'never ends', 'accepted, then'].map(
        (description) => checkPair(described(description)),
      ),
    );
    expect(accepted.map(summary)).toEqual(accepted.map(() => [202, null]));
    const polled = await Promise.all(accepted.map((answer) => arm.poll(answer)));
    expect(polled.map(({ status }) => status)).toEqual([400, 200, 202, 404]);
    expect(polled[0]?.body.error?.code).toBe('ConnectivityCheckFailed');
    expect(polled[1]?.body).toEqual({
      status: 'Failed',
      error: { code: ' AgentCommunicationFailed', message: ' The agent did not answer.', details: [] },
    });
    const nowhere = await checkPair(described('accepted without a Location'));
    expect([nowhere.status, nowhere.headers.has('location')]).toEqual([202, false]);
  });
});

describe('what is not declared', () => {
  test('a private address is reachable where a running machine has it, else nothing answers', async () => {
    const last = async (source: string, address: string) =>
      summary(await arm.poll(await check(source, { address, port: 5555 })));
    expect(await last(web1, '10.3.1.5')).toEqual([200, 'Reachable']);
    expect(await last(web1, '10.2.1.5')).toEqual([200, 'Unreachable']);
    expect(await last(web1, '10.99.0.1')).toEqual([200, 'Unreachable']);
    expect(await last(web1, 'elsewhere.example.com')).toEqual([200, 'Unreachable']);
    expect(await last(sourceNamed('bare-01'), '10.1.1.4')).toEqual([200, 'Unknown']);
  });
});

describe('what ARM refuses', () => {
  test('the network watcher of another region or subscription', async () => {
    const body = { source: { resourceId: web1 }, destination: { address: '10.1.2.4', port: 1 } };
    const others = world.watchers.filter(({ id }) => id !== watcherOf(web1));
    const answers = await Promise.all(others.map(({ id }) => arm.post(id, body)));
    expect(answers.map(summary)).toEqual(others.map(() => [400, 'InvalidResourceLocation']));
  });

  test('a watcher or a source that is not there', async () => {
    const body = { source: { resourceId: `${web1}x` }, destination: { address: '10.1.2.4', port: 1 } };
    expect(summary(await arm.post(watcherOf(web1), body))).toEqual([404, 'NotFound']);
    expect(summary(await arm.post(`${watcherOf(web1)}x`, body))).toEqual([404, 'ResourceNotFound']);
  });

  test('a body that is no connectivity check, with the place of the fault', async () => {
    const source = { resourceId: web1 };
    const bad = [
      [{ destination: { address: 'a' } }, 'source'],
      [{ source, destination: {} }, 'destination'],
      [{ source, destination: { address: 'a', port: 65_536 } }, 'destination.port'],
      [{ source, destination: { address: 'a', port: '80' } }, 'destination.port'],
      [{ source, destination: { address: 'a' }, protocol: 'Udp' }, 'protocol'],
      [{ source, destination: { address: 'a' }, preferredIPVersion: 'v4' }, 'preferredIPVersion'],
      ['text', ''],
    ] as const;
    for (const [body, place] of bad) {
      const answer = await arm.post(watcherOf(web1), body);
      expect(summary(answer)).toEqual([400, 'InvalidRequestFormat']);
      expect(answer.body.error?.details).toEqual([
        { code: 'InvalidJson', message: expect.stringMatching(new RegExp(`Path '${place}'\\.$`)) },
      ]);
    }
  });
});

describe('the Location', () => {
  test('is about 3.2 KB, names the region and the POST, and is new in every response', async () => {
    const accepted = await checkPair(described('never ends'));
    const answers = [accepted, await arm.poll(accepted)];
    answers.push(await arm.poll(answers[1] ?? accepted), await arm.poll(accepted));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const locations = answers.map(({ headers }) => headers.get('location') ?? '');
    expect(new Set(locations).size).toBe(4);
    const id = accepted.headers.get('x-ms-request-id') ?? '';
    for (const location of locations) {
      const { pathname, searchParams, origin } = new URL(location);
      expect(origin).toBe(arm.arm.url);
      expect(pathname.split('/').slice(3)).toEqual(
        `providers/Microsoft.Network/locations/westeurope/operationResults/${id}`.split('/'),
      );
      expect([...searchParams.keys()]).toEqual(['api-version', 't', 'c', 's', 'h']);
      expect([...searchParams.values()].map(({ length }) => length)).toEqual([10, 18, 2615, 342, 43]);
    }
  });

  test('altered anywhere is refused', async () => {
    const accepted = await checkPair(described('reachable in its own network'));
    const { pathname, search } = new URL(accepted.headers.get('location') ?? '');
    const signed = `${pathname}${search}`;
    const from = signed.indexOf('operationResults/') + 'operationResults/'.length;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: signed.length - 1 }),
        fc.constantFrom('0', 'a', 'Z'),
        async (at, sign) => {
          fc.pre(signed[at] !== sign);
          const { status, body } = await arm.send(`${signed.slice(0, at)}${sign}${signed.slice(at + 1)}`);
          // Without its api-version, a request is refused before anything is looked at.
          expect([403, 400]).toContain(status);
          expect(['InvalidOperationSignature', 'MissingApiVersionParameter']).toContain(body.error?.code);
        },
      ),
      { numRuns: numRuns(200) },
    );
    expect((await arm.send(`${signed}&more=1`)).status).toBe(403);
    expect((await arm.send(signed.slice(0, -1))).status).toBe(403);
    expect((await arm.send(signed)).status).toBe(200);
  });
});
