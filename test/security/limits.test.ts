import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { claimPort } from '../../stand-ins/server/claim-port.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { allowAll, type Answered, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';

const noPci = { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'] };
const settings = (limits: object): Record<string, string> => ({
  POLICY: JSON.stringify({ version: 1, rules: [allowAll, noPci], limits }),
});
const to = (address: string, port: number): object => ({ ...goodCheck, destination: { address, port } });
const errorOf = ({ json }: Answered): unknown => (json as { error: unknown }).error;

let proxy: Proxy;
beforeAll(async () => {
  proxy = await startProxy([allowAll]);
});
afterAll(() => proxy.stop());

/** What is refused says how long to wait, and leaves nothing to do. */
async function expectTooMany(answer: Answered, name: string, message: string): Promise<void> {
  expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([429, 'TooManyRequests']);
  expect(errorOf(answer)).toMatchObject({ code: 'TooManyRequests', message });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`"${name}";r=0;t=\\d+`));
  const checks = (await proxy.stored()).filter(({ place }) => /^checks \w check!\S+ rowKey$/.test(place));
  const requested = (await proxy.events()).filter(({ action }) => action === 'requested');
  expect(checks.length).toBe(requested.length);
}

describe('one requester', () => {
  it('scans no ports: of 65 ports of one destination within the hour only so many are tested', async () => {
    await proxy.restart([], settings({ portsPerHour: 32 }));
    const answers: Answered[] = [];
    for (let port = 1; port <= 65; port++) answers.push(await proxy.submit(to('10.1.6.1', port)));
    expect(answers.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 32 }, () => 202),
      ...Array.from({ length: 33 }, () => 429),
    ]);
    const message =
      "You may test 32 ports an hour on one destination: wait as Retry-After says, or ask the proxy's operators for more.";
    await expectTooMany(answers[64]!, 'ports', message);
    const refused = (await proxy.events()).filter(({ outcome }) => outcome?.code === 'TooManyRequests');
    expect(refused.map(({ action, target }) => [action, target.port])).toEqual(
      Array.from({ length: 33 }, (_, i) => ['refused', 33 + i]),
    );
    // In another spelling, as a URI, under another source and by a version 1 token it is the same destination and person.
    const uri = { source: goodCheck.source, destination: { address: 'http://10.1.6.1:99/' }, protocol: 'Http' };
    const other = { ...to('10.1.6.1', 99), source: { resourceId: resources.web2.id } };
    for (const body of [to('１０.1.6.1', 99), to('::ffff:10.1.6.1', 99), uri, other])
      expect((await proxy.submit(body)).status).toBe(429);
    const token = await proxy.azure.entra.mint({ version: 1, claims: { oid: objectIdOf('alice') } });
    expect((await proxy.submit(to('10.1.6.1', 99), { token })).status).toBe(429);
    expect((await proxy.submit(to('10.1.6.1', 7))).status).toBe(202);
    expect((await proxy.submit(to('10.1.6.2', 99))).status).toBe(202);
    expect((await proxy.submit(to('10.1.6.1', 99), { user: 'bob' })).status).toBe(202);
  });

  it('asks so often a minute, refusals included, and a restart forgets nothing', async () => {
    await proxy.restart([], settings({ requestsPerMinute: 5 }));
    const user = 'carol';
    for (let n = 0; n < 3; n++) expect((await proxy.submit(goodCheck, { user })).status).toBe(202);
    expect((await proxy.submit(to('10.99.0.1', 443), { user })).status).toBe(403);
    const last = await proxy.submit(to('10.99.0.1', 443), { user });
    expect(last.status).toBe(403);
    await proxy.restart([], settings({ requestsPerMinute: 5 }));
    const refused = await proxy.submit(goodCheck, { user });
    await expectTooMany(refused, 'requests', 'You may ask 5 times a minute: wait as Retry-After says, and ask again.');
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    // Those that waited for their turn in vain were not decided; of the others 60 a minute have an event each.
    const flood = await Promise.all(Array.from({ length: 90 }, () => proxy.submit(goodCheck, { user })));
    expect(flood.every(({ status }) => status === 429)).toBe(true);
    const asked = (await proxy.events()).filter(
      ({ requester, action }) => requester.name === user && (action === 'requested' || action === 'refused'),
    );
    expect(asked.map(({ action, outcome }) => [action, outcome?.code].join(' ')).slice(0, 6)).toEqual([
      ...['requested ', 'requested ', 'requested ', 'refused ', 'refused ', 'refused TooManyRequests'],
    ]);
    const overLimit = asked.filter(({ outcome }) => outcome?.code === 'TooManyRequests').length;
    expect([overLimit > 40, overLimit <= 60]).toEqual([true, true]);
    expect((await proxy.submit(goodCheck, { user: 'dave' })).status).toBe(202);
  });

  it('has so many checks under way, until one of them has ended', async () => {
    const nobody = { ARM_ENDPOINT: `http://127.0.0.1:${await claimPort(0)}` };
    await proxy.restart([], { ...settings({ active: 3 }), ...nobody });
    const user = 'erin';
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push(idOf(await proxy.submit(goodCheck, { user })));
    await expectTooMany(
      await proxy.submit(goodCheck, { user }),
      'active',
      'You may have 3 checks under way at once: wait until one of yours has ended, or cancel one.',
    );
    expect((await proxy.ask(`/api/checks/${ids[0]!}`, { method: 'DELETE', user })).status).toBe(200);
    expect((await proxy.submit(goodCheck, { user })).status).toBe(202);
    expect((await proxy.submit(goodCheck, { user })).status).toBe(429);
  });

  it('gains nothing by asking at once: of a burst exactly the quota is let in, and the rest refused', async () => {
    await proxy.restart([], settings({ requestsPerMinute: 10 }));
    const user = 'frank';
    const burst = await Promise.all(Array.from({ length: 40 }, () => proxy.submit(goodCheck, { user })));
    expect(burst.filter(({ status }) => status === 202).length).toBe(10);
    expect(burst.filter(({ status }) => status === 429).length).toBe(30);
    expect((await proxy.submit(goodCheck, { user })).status).toBe(429);
  });

  it('gains no port by asking for 65 at once: exactly so many are tested as one after the other', async () => {
    await proxy.restart([], settings({ portsPerHour: 32 }));
    const user = 'grace';
    const ports = Array.from({ length: 65 }, (_, i) => i + 1);
    const burst = await Promise.all(ports.map((port) => proxy.submit(to('10.1.6.3', port), { user })));
    expect(burst.filter(({ status }) => status === 202).length).toBe(32);
    expect(burst.filter(({ status }) => status === 429).length).toBe(33);
    const requested = (await proxy.events()).filter(
      ({ requester, action }) => requester.name === user && action === 'requested',
    );
    expect(new Set(requested.map(({ target }) => target.port)).size).toBe(32);
    expect((await proxy.submit(to('10.1.6.3', 66), { user })).status).toBe(429);
  });
});
