import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verification } from '../../src/audit/verify/verification.ts';
import { newSigningKey } from '../support/new-signing-key.ts';
import { allowAll, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';

const publicPem = (pem: string): string => createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();

describe('the key that signs checkpoints', () => {
  const [first, second, stranger] = [newSigningKey(), newSigningKey(), newSigningKey()];
  const policy = { POLICY: JSON.stringify({ version: 1, rules: [allowAll] }) };
  let proxy: Proxy;
  beforeAll(async () => {
    proxy = await startProxy([allowAll], { settings: { AUDIT_SIGNING_KEY: first } });
    await proxy.ended(idOf(await proxy.submit(goodCheck)));
    expect(await verified()).toMatchObject({ valid: true, events: 4, faults: [] });
  });
  afterAll(() => proxy.stop());

  async function verified(): Promise<Verification> {
    await proxy.seal();
    const answer = await proxy.ask('/api/audit/verification', { user: 'carol', roles: ['Audit.Read'] });
    expect(answer.status).toBe(200);
    return answer.json as Verification;
  }

  it('is rotated, and what the former one signed stays proven where its public key is given', async () => {
    await proxy.restart([], { ...policy, AUDIT_SIGNING_KEY: second + publicPem(first) });
    await proxy.ended(idOf(await proxy.submit(goodCheck)));
    expect(await verified()).toMatchObject({ valid: true, events: 8, faults: [] });
  });

  it('is not needed for what a checkpoint of the new key names by its hash', async () => {
    await proxy.restart([], { ...policy, AUDIT_SIGNING_KEY: second });
    expect(await verified()).toMatchObject({ valid: true, faults: [] });
  });

  it('is unknown where another key alone is given: what it signed is named "wrongKey"', async () => {
    await proxy.restart([], { ...policy, AUDIT_SIGNING_KEY: stranger + publicPem(newSigningKey()) });
    const { valid, faults } = await verified();
    expect(valid).toBe(false);
    expect(faults).toContainEqual(
      expect.objectContaining({ kind: 'wrongKey', place: expect.stringMatching(/^checkpoints? 1\b/) as string }),
    );
    expect(faults.some(({ kind }) => kind === 'unproven')).toBe(true);
  });
});
