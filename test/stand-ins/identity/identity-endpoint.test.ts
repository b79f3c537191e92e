import { ManagedIdentityCredential } from '@azure/identity';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IdentityEndpoint, startIdentityEndpoint } from '../../../stand-ins/identity/identity-endpoint.ts';

const scope = 'https://management.azure.com/.default';
let now = Date.now();
let identity: IdentityEndpoint;

beforeEach(async () => {
  now = Date.now();
  identity = await startIdentityEndpoint({ now: () => now });
  process.env.IDENTITY_ENDPOINT = identity.endpoint;
  process.env.IDENTITY_HEADER = identity.header;
});
afterEach(async () => {
  delete process.env.IDENTITY_ENDPOINT;
  delete process.env.IDENTITY_HEADER;
  await identity.stop();
});

const ask = (query: string, header = identity.header) =>
  fetch(`${identity.endpoint}?${query}`, { headers: { 'X-IDENTITY-HEADER': header } });

test('the real credential gets a token, system-assigned and user-assigned', async () => {
  for (const credential of [
    new ManagedIdentityCredential(),
    new ManagedIdentityCredential({ clientId: '00000000-0000-4000-8000-0000000000c1' }),
  ]) {
    const { token, expiresOnTimestamp } = await credential.getToken(scope);
    expect(identity.issued(token)).toBe(true);
    // The credential counts from its own clock, in whole seconds.
    expect(Math.abs(expiresOnTimestamp - (now + 24 * 3600_000))).toBeLessThanOrEqual(2000);
  }
});

test('the answer has the members that App Service documents', async () => {
  const response = await ask('api-version=2019-08-01&resource=https://management.azure.com&client_id=c1');
  expect(response.status).toBe(200);
  const body = await response.json();
  expect(body).toEqual({
    access_token: expect.any(String),
    expires_on: String(Math.floor(now / 1000) + 24 * 3600),
    resource: 'https://management.azure.com',
    token_type: 'Bearer',
    client_id: 'c1',
  });
});

test('a wrong header is 401, a missing resource or version is 400', async () => {
  const statuses = await Promise.all([
    ask('api-version=2019-08-01&resource=r', 'wrong'),
    ask('api-version=2019-08-01'),
    ask('resource=r'),
    ask('api-version=2017-09-01&resource=r'),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([401, 400, 400, 400]);
});

test('only what was issued here counts as issued, and only for a day', async () => {
  // Not through the credential: its cache is one for the whole process, and outlives an endpoint.
  const response = await ask('api-version=2019-08-01&resource=https://management.azure.com');
  const { access_token: token } = (await response.json()) as { access_token: string };
  expect(identity.issued(token)).toBe(true);
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, sign) => {
      const altered = `${token.slice(0, at)}${sign}${token.slice(at + 1)}`;
      expect(identity.issued(altered)).toBe(altered === token);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(identity.issued(text)).toBe(false);
    }),
  );
  const other = await startIdentityEndpoint();
  expect(other.issued(token)).toBe(false);
  await other.stop();
  now += 24 * 3600 * 1000;
  expect(identity.issued(token)).toBe(false);
});
