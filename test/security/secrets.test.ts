import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { type ScriptedAnswer, type ScriptedArm, scriptedArm } from '../support/azure/scripted-arm.ts';
import { placesOf } from './places-of.ts';
import { allowAll, type Answered, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';
import type { StoredText } from './stored-texts.ts';

const group = `${resources.web1.id.split('/providers/')[0]!}/providers/Microsoft.Network`;
// Signs that JSON, URLs and HTML write in ways of their own.
const canary = 'canary-7f3a+"<b&c>\'d/e\\f==';
const operations =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/providers/Microsoft.Network/locations/west/operationResults';
const operation = `${operations}/1`;
const signature = 'c2lnbmVkLWxvY2F0aW9uLXNlY3JldA';

const result = JSON.stringify({ hops: [], connectionStatus: 'Reachable', probesSent: 3, probesFailed: 0 });
const quoting = (text: string): string =>
  JSON.stringify({
    error: {
      code: 'InvalidRequestFormat',
      message: `Cannot parse the header ${text}.`,
      details: [
        { code: 'InvalidJson', message: `Path 'headers[0]': ${JSON.stringify({ value: text })}`, target: text },
      ],
    },
  });
const unicode = (text: string): string =>
  Array.from(text, (sign) => (/\w/.test(sign) ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)).join(
    '',
  );
const accepted = {
  status: 202,
  headers: { location: `{arm}${operation}?s=${signature}`, 'retry-after': '1' },
  body: 'null',
};

/** What ARM answers to the check, by the network watcher that is asked. */
const watchers: Readonly<Record<string, ScriptedAnswer>> = {
  accepting: accepted,
  quoting: { status: 400, body: quoting(canary) },
  shouting: { status: 400, body: quoting(canary.toUpperCase()) },
  // As .NET escapes by default: https://learn.microsoft.com/dotnet/standard/serialization/system-text-json/character-encoding
  escaping: { status: 400, body: quoting(canary).replaceAll(JSON.stringify(canary).slice(1, -1), unicode(canary)) },
  html: {
    status: 400,
    body: `<p>Bad header: ${canary.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</p>`,
  },
  url: { status: 400, body: quoting(encodeURIComponent(canary)) },
  plain: { status: 400, body: `Bad header: ${canary}` },
  busy: { status: 429, headers: { 'retry-after': '1' }, body: quoting(canary) },
};

let arm: ScriptedArm;
let proxy: Proxy;
beforeAll(async () => {
  const routes = Object.entries(watchers).map(([name, answer]) => ({
    method: 'POST',
    path: `${group}/networkWatchers/${name}/connectivityCheck`,
    answers: [answer],
  }));
  arm = await scriptedArm([
    ...routes,
    {
      method: 'POST',
      path: `${group}/networkWatchers/late/connectivityCheck`,
      answers: [{ ...accepted, headers: { ...accepted.headers, location: `{arm}${operations}/late` } }],
    },
    { method: 'GET', path: `${operations}/late`, answers: [{ status: 400, body: quoting(canary) }] },
    { method: 'GET', path: operation, answers: [accepted, { status: 200, body: result }] },
  ]);
  proxy = await startProxy([allowAll], { settings: { ARM_ENDPOINT: arm.origin, QUEUE_DEADLINE_SECONDS: '4' } });
});
afterAll(async () => {
  await proxy.stop();
  await arm.close();
});

const probing = (watcher: string): object => ({
  source: goodCheck.source,
  destination: { address: 'https://shop.example.com/' },
  protocol: 'Https',
  networkWatcher: `${group}/networkWatchers/${watcher}`,
  protocolConfiguration: { HTTPConfiguration: { headers: [{ name: 'X-Probe', value: canary }] } },
});

const answers: Answered[] = [];
const heard = (answer: Answered): Answered => {
  answers.push(answer);
  return answer;
};

/** Wherever the secret shows: tables, queues, checkpoints, log, the audit's exports, and all that was answered. */
async function shown(secret: string): Promise<string[]> {
  const logged = proxy.log().map((text, line) => ({ place: `log line ${line}`, text }));
  const told = answers.map(({ text, headers }, n) => ({
    place: `answer ${n}`,
    text: `${text} ${JSON.stringify([...headers])}`,
  }));
  return placesOf(secret, [...(await proxy.stored()), ...logged, ...told, ...(await exported())]);
}

/** What an auditor is given, in each form. */
async function exported(): Promise<StoredText[]> {
  const texts: StoredText[] = [];
  for (const accept of ['application/json', 'text/csv', 'application/x-ndjson']) {
    const auditor = { user: 'carol', roles: ['Audit.Read'], headers: { accept } };
    const { status, headers, text } = await proxy.ask('/api/audit?top=1000', auditor);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining(accept)]);
    expect(text).toContain('requested');
    texts.push({ place: `audit as ${accept}`, text: `${text} ${JSON.stringify([...headers])}` });
  }
  return texts;
}

describe('the value of a probe header', () => {
  it('reaches Azure as it was given, and is nowhere here once Azure has accepted the check', async () => {
    const id = idOf(heard(await proxy.submit(probing('accepting'), { headers: { 'idempotency-key': 'one' } })));
    for (let status = 'NotStarted'; status === 'NotStarted';)
      status = (heard(await proxy.ask(`/api/checks/${id}`)).json as { status: string }).status;
    expect(arm.requests.find(({ method }) => method === 'POST')?.body).toContain(JSON.stringify(canary));
    expect(await shown(canary)).toEqual([]);
    expect((await proxy.ended(id)).status).toBe('Succeeded');
    heard(await proxy.ask(`/api/checks/${id}`));
    heard(await proxy.ask(`/api/checks/${id}/result`));
    expect(await shown(canary)).toEqual([]);
    await proxy.seal();
    expect((await proxy.stored()).filter(({ place }) => place.startsWith('blob audit-checkpoints '))).not.toEqual([]);
    expect(await shown(canary)).toEqual([]);
    expect((answers.at(-2)?.json as { request: unknown }).request).toMatchObject({
      protocolConfiguration: { HTTPConfiguration: { headers: [{ name: 'X-Probe', value: '' }] } },
    });
  });

  it('is found by this test where it is', () => {
    const hiding = [
      canary,
      JSON.stringify(canary),
      Buffer.from(`x${canary}`).toString('base64'),
      encodeURIComponent(canary),
    ];
    const texts = [...hiding, quoting(canary), unicode(canary), 'nothing'].map((text, n) => ({
      place: String(n),
      text,
    }));
    expect(placesOf(canary, texts)).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it.each([
    ['quoting', 'as it is'],
    ['shouting', 'in capitals'],
    ['escaping', 'with the escapes of .NET'],
    ['html', 'in HTML'],
    ['url', 'as a URL writes it'],
    ['plain', 'in plain text'],
    ['late', 'only when it is polled'],
    ['busy', 'until the deadline is over'],
  ])('is nowhere after Azure refused the check and quoted it (%s: %s)', async (watcher) => {
    const id = idOf(heard(await proxy.submit(probing(watcher))));
    expect((await proxy.ended(id)).status).toBe('Failed');
    heard(await proxy.ask(`/api/checks/${id}`));
    heard(await proxy.ask(`/api/checks/${id}/result`));
    expect(await shown(canary)).toEqual([]);
    expect(await shown('canary')).toEqual([]);
    expect(await shown('CANARY')).toEqual([]);
  });

  it('is nowhere after the check was canceled before Azure heard of it', async () => {
    const id = idOf(heard(await proxy.submit(probing('busy'))));
    expect(heard(await proxy.ask(`/api/checks/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await shown(canary)).toEqual([]);
  });

  it('is in no refusal, no dry run’s answer and no error', async () => {
    const source = { resourceId: 'no resource' };
    expect(heard(await proxy.submit({ ...probing('busy'), source })).status).toBe(400);
    expect(
      heard(await proxy.submit({ ...probing('busy'), destination: { address: '::1', port: 1 }, protocol: 'Http' }))
        .status,
    ).toBe(403);
    expect(heard(await proxy.ask('/api/checks?dryRun=true', { method: 'POST', body: probing('busy') })).status).toBe(
      200,
    );
    const key = { 'idempotency-key': 'one' };
    expect(heard(await proxy.submit(probing('busy'), { headers: key })).status).toBe(422);
    expect(await shown(canary)).toEqual([]);
  });
});

describe('what else is secret', () => {
  it('in a token, a query or a body that cannot be read is neither kept nor logged nor told', async () => {
    const secret = 'canary-in-a-request-91c';
    const claims = { own_claim: secret, jti: secret };
    const token = await proxy.azure.token('alice', ['Check.Request'], claims);
    heard(await proxy.submit(goodCheck, { token }));
    heard(await proxy.ask('/api/me', { token }));
    heard(await proxy.ask(`/api/me?code=${secret}`));
    heard(await proxy.ask('/api/me', { token: `${token}${secret}` }));
    heard(await proxy.ask('/api/me', { token: null, headers: { authorization: `Basic ${secret}` } }));
    heard(await proxy.ask(`/api/checks/${secret}`));
    heard(await proxy.submit(`{"source": "${secret}`));
    heard(await proxy.submit({ ...goodCheck, destination: { address: `http://user:${secret}@example.com` } }));
    heard(
      await proxy.ask('/api/me', {
        headers: { cookie: secret, 'x-unknown': secret, prefer: secret, traceparent: secret },
      }),
    );
    expect(await shown(secret)).toEqual([]);
    expect(await shown(token.split('.')[2]!)).toEqual([]);
  });

  it('of the proxy’s own, its tokens for Azure, its identity’s header and its storage key, shows nowhere', async () => {
    const tokens = arm.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? '');
    expect(tokens.length).toBeGreaterThan(5);
    const key = /AccountKey=([^;]+)/.exec(proxy.azure.connectionString)?.[1] ?? '';
    expect(key.length).toBeGreaterThan(40);
    for (const secret of [...new Set(tokens), proxy.azure.identity.header, key])
      expect(await shown(secret)).toEqual([]);
  });

  it('in the signed URL of an operation is gone with the check’s end, and never told', async () => {
    expect(arm.requests.filter(({ url }) => url.includes(signature)).length).toBeGreaterThan(1);
    expect(await shown(signature)).toEqual([]);
  });
});
