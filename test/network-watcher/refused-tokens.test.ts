import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createArm, type Arm } from '../../src/network-watcher/arm.ts';
import { createWatcher } from '../../src/network-watcher/create-watcher.ts';
import { managedIdentityTokens } from '../../src/network-watcher/token/managed-identity-tokens.ts';
import { type IdentityEndpoint, startIdentityEndpoint } from '../../stand-ins/identity/identity-endpoint.ts';
import { ids } from '../support/azure/test-watcher.ts';

const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
const networkWatcher = `${subscription}/resourceGroups/watch/providers/Microsoft.Network/networkWatchers/north`;
const parameters = { source: { resourceId: 'x' }, destination: { address: '10.9.0.4', port: 443 } };
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1764032400"}}}';
const challenge = `Bearer authorization_uri="https://login.windows.net/", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
const expiry = JSON.stringify({ error: { code: 'ExpiredAuthenticationToken', message: 'The token has expired.' } });

let identity: IdentityEndpoint;
let server: Server;
let arm: Arm;
let isRefused: (token: string) => boolean;
let refuse: (response: ServerResponse) => void;
let asked: { method: string; token: string }[];
let clients = 0;

// MSAL's cache and endpoint are one for the whole process, so the endpoint is too, and each test has an identity of its own.
const endpoint = startIdentityEndpoint();
beforeEach(async () => {
  identity = await endpoint;
  process.env.IDENTITY_ENDPOINT = identity.endpoint;
  process.env.IDENTITY_HEADER = identity.header;
  asked = [];
  isRefused = (token) => !identity.issued(token);
  refuse = (response) => response.writeHead(401, { 'www-authenticate': challenge }).end();
  server = createServer((request, response) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    asked.push({ method: request.method ?? '', token });
    request.resume().on('end', () => {
      if (isRefused(token)) refuse(response);
      else response.writeHead(200).end('{"connectionStatus":"Reachable"}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  clients += 1;
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const clientId = `00000000-0000-4000-8000-${String(clients).padStart(12, '0')}`;
  const getToken = managedIdentityTokens({ clientId, scope: 'https://management.azure.com/.default' });
  arm = createArm({ endpoint: url, getToken, fetch, timeoutMs: 5000 });
});
afterEach(async () => {
  delete process.env.IDENTITY_ENDPOINT;
  delete process.env.IDENTITY_HEADER;
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const poll = () => createWatcher({ arm, now: () => new Date() }).poll(`${arm.origin}/op`, ids);
const begin = () => createWatcher({ arm, now: () => new Date() }).begin(networkWatcher, parameters, ids);
/** How many tokens the endpoint is asked for meanwhile. */
async function grants(work: () => Promise<unknown>): Promise<number> {
  const before = identity.grants;
  await work();
  return identity.grants - before;
}

describe('a token that was revoked', () => {
  test('is asked for once, and kept', async () => {
    expect(await grants(() => Promise.all([poll()]))).toBe(1);
    expect(
      await grants(async () => {
        expect(await poll()).toMatchObject({ kind: 'done' });
      }),
    ).toBe(0);
  });

  test('is replaced past the cache, and the poll is asked again at once', async () => {
    await poll();
    identity.revoke();
    expect(
      await grants(async () => {
        expect(await poll()).toMatchObject({ kind: 'done' });
      }),
    ).toBe(1);
    const [, second, third] = asked.map(({ token }) => token);
    expect(asked).toHaveLength(3);
    expect(second).not.toBe(third);
    expect(await arm.refusesToken()).toBe(false);
  });

  test('is replaced once for all calls that it was refused to', async () => {
    await poll();
    identity.revoke();
    const renewals = await grants(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => poll()));
      expect(answers.map(({ kind }) => kind)).toEqual(Array(20).fill('done'));
    });
    expect(renewals).toBeLessThanOrEqual(2);
  });

  test('makes no second POST in the same step; the next one has the new token', async () => {
    await poll();
    identity.revoke();
    expect(await begin()).toMatchObject({ kind: 'retry', atMost: 4, arm: { status: 401 } });
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(await begin()).toMatchObject({ kind: 'done' });
  });
});

describe('a token that stays refused', () => {
  test('is told as such, bounded, with its operator to act; ARM is asked twice a step, and no more', async () => {
    isRefused = () => true;
    expect(await poll()).toMatchObject({
      kind: 'retry',
      atMost: 4,
      failure: {
        code: 'AzureRefused',
        message: expect.stringContaining('wants a newer token') as string,
        advice: { owner: 'proxy operator' },
      },
    });
    expect(asked).toHaveLength(2);
  });

  test('is known to readiness, until ARM takes one again', async () => {
    expect(await arm.refusesToken()).toBe(false);
    expect(asked).toEqual([]);
    isRefused = () => true;
    await poll();
    expect(await arm.refusesToken()).toBe(true);
    isRefused = () => false;
    expect(await arm.refusesToken()).toBe(false);
    const before = asked.length;
    expect(await arm.refusesToken()).toBe(false);
    expect(asked).toHaveLength(before);
  });

  test('because it has expired is waited out: every step asks for another', async () => {
    isRefused = () => true;
    refuse = (response) => response.writeHead(401).end(expiry);
    for (let step = 0; step < 8; step++) {
      const renewed = await grants(async () => {
        const answer = await poll();
        expect(answer).toMatchObject({ kind: 'retry', failure: { code: 'AzureRefused' } });
        expect(answer).not.toHaveProperty('atMost');
      });
      expect(renewed).toBeGreaterThanOrEqual(1);
    }
    isRefused = () => false;
    expect(await poll()).toMatchObject({ kind: 'done' });
  });
});
