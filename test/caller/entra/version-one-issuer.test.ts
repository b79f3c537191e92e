import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTokenVerifier } from '../../../src/caller/entra/verify-token.ts';
import { startEntra, toJwk, type TestEntra } from '../../support/azure/entra.ts';
import { refusal } from '../../support/azure/refusal.ts';

const start = new Date('2030-01-01T00:00:00Z');
let entra: TestEntra;
beforeAll(async () => {
  entra = await startEntra(() => start);
});
afterAll(() => entra.stop());

/** A verifier whose authority is that of a cloud: its two documents are answered here, as its hosts are not on this machine. */
function verifierOf(authority: string, itself = authority) {
  const answer: typeof fetch = (url) => {
    const asked = url instanceof URL ? url.href : 'not an URL';
    const discovery = { issuer: `${itself}/${entra.tenantId}/v2.0`, jwks_uri: `${authority}/keys` };
    return Promise.resolve(Response.json(asked.endsWith('/keys') ? { keys: entra.keys.map(toJwk) } : discovery));
  };
  return createTokenVerifier({ ...entra, authority, audiences: [entra.audience], fetch: answer, now: () => start });
}

const publicCloud = 'https://login.microsoftonline.com';
const government = 'https://login.microsoftonline.us';
const china = 'https://login.partner.microsoftonline.cn';
const formerChina = 'https://login.chinacloudapi.cn';

test.each([
  [publicCloud, publicCloud, 'sts.windows.net'],
  [government, government, 'sts.windows.net'],
  [china, china, 'sts.chinacloudapi.cn'],
  [formerChina, china, 'sts.chinacloudapi.cn'],
  ['http://127.0.0.1:1', 'https://issuer.example', 'sts.windows.net'],
])(
  'the authority %s, which calls itself %s, issues version 1 tokens as %s and as nobody else',
  async (at, itself, host) => {
    const verify = verifierOf(at, itself);
    for (const issuer of ['sts.windows.net', 'sts.chinacloudapi.cn', 'sts.windows.net.example']) {
      const token = await entra.mint({ version: 1, claims: { iss: `https://${issuer}/${entra.tenantId}/` } });
      const verified = verify(`Bearer ${token}`, 'http');
      if (issuer === host) expect((await verified).requester.name).toBe('alice');
      else expect(await refusal(verified)).toMatchObject({ code: 'InvalidToken' });
    }
  },
);

test('version 2 tokens are of the authority’s own issuer, and of no other cloud', async () => {
  const clouds = [publicCloud, government, china];
  for (const authority of clouds) {
    for (const issuer of clouds) {
      const token = await entra.mint({ claims: { iss: `${issuer}/${entra.tenantId}/v2.0` } });
      const verified = verifierOf(authority)(`Bearer ${token}`, 'http');
      if (issuer === authority) expect((await verified).requester.name).toBe('alice');
      else expect(await refusal(verified)).toMatchObject({ code: 'InvalidToken' });
    }
  }
});
