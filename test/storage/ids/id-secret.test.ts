import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { idOfKey, type GivenKey } from '../../../src/check/state/check-id.ts';
import { fingerprintOf } from '../../../src/check/state/fingerprint.ts';
import { secretPlace, tableIdSecret } from '../../../src/storage/ids/table-id-secret.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { sampleCheck, tenantId } from '../../support/samples.ts';

const tableOf = (connectionString: string) =>
  connect({ kind: 'connectionString', connectionString }, () => {
    throw new Error('no identity is needed');
  }).table(`checks${randomUUID().replaceAll('-', '')}`);

describe('the secret of ids', () => {
  it('is made once, however many instances make it at the same time, and is the same ever after', async () => {
    const table = tableOf(inject('azurite'));
    const instances = Array.from({ length: 8 }, () => tableIdSecret(table, randomUUID));
    const secrets = await Promise.all(instances.map((secret) => secret()));
    expect(new Set(secrets).size).toBe(1);
    expect(await tableIdSecret(table, randomUUID)()).toBe(secrets[0]);
  });

  it('is read once in a process, and again where that failed', async () => {
    const table = tableOf(inject('azurite'));
    const secret = tableIdSecret(table, randomUUID);
    const first = await secret();
    await table.deleteEntity(secretPlace.partitionKey, secretPlace.rowKey);
    expect(await secret()).toBe(first);

    const lost = tableIdSecret(
      tableOf('UseDevelopmentStorage=true;TableEndpoint=http://127.0.0.1:1/x;AccountName=x;AccountKey=eA=='),
      randomUUID,
    );
    await expect(lost()).rejects.toMatchObject({ code: 'StorageUnavailable' });
    await expect(lost()).rejects.toMatchObject({ code: 'StorageUnavailable' });
  }, 60_000);
});

describe('an id made from a key', () => {
  const given: GivenKey = { requester: { id: `${tenantId}/alice`, via: 'http' }, call: 'submit', key: 'key-1' };

  it('is another for another secret, requester, door, call and key', () => {
    const ids = [
      idOfKey('secret', given),
      idOfKey('secret 2', given),
      idOfKey('secret', { ...given, requester: { ...given.requester, id: `${tenantId}/bob` } }),
      idOfKey('secret', { ...given, requester: { ...given.requester, via: 'arm' } }),
      idOfKey('secret', { ...given, call: 'rerun' }),
      idOfKey('secret', { ...given, key: 'key-2' }),
    ];
    expect(new Set(ids.map((id) => id.slice(0, -1))).size).toBe(ids.length);
    expect(idOfKey('secret', { ...given })).toBe(ids[0]);
  });

  it('has a fingerprint that is another for another secret and key, too', () => {
    const { request } = sampleCheck();
    const prints = [
      fingerprintOf({ request }, 'secret', 'key'),
      fingerprintOf({ request }, 'secret 2', 'key'),
      fingerprintOf({ request }, 'secret', 'key 2'),
      fingerprintOf({ request, rerunOf: 'x' }, 'secret', 'key'),
      fingerprintOf({ request, reason: 'x' }, 'secret', 'key'),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });
});
