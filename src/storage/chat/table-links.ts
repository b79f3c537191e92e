import { odata, type TableClient, type TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import type { SigningKey } from '../../audit/checkpoint/signing-key.ts';
import { type Link, linkIdOf, linkSchema, type OpenCode, openCodeSchema } from '../../chat/link/link.ts';
import type { Links, StoredCode, StoredLink } from '../../chat/ports/links.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { getEntity } from '../table/get-entity.ts';
import { streamRows } from '../table/stream-rows.ts';
import { isLost, orUnavailable } from '../table/unavailable.ts';
import { isSealed, seal } from './seal.ts';

const LINKS = 'link';
const CODES = 'code';

/**
 * Links, a row an account, and open codes, a row an account too: so that there is never more than one of each. Each row is
 * signed, because it is all that says for whom an account acts.
 */
export function tableLinks(table: TableClient, key: SigningKey): Links {
  const put = (row: TableEntity): Promise<void> =>
    orUnavailable('StorageUnavailable', async () => {
      await createWhereMissing(
        () => table.createTable(),
        () => table.upsertEntity(row, 'Replace'),
      );
    });
  const removeOne = (partition: string, rowKey: string, version: string): Promise<boolean> =>
    orUnavailable(
      'StorageUnavailable',
      async () => !(await isLost(() => table.deleteEntity(partition, rowKey, { etag: version }))),
    );
  const findById = (id: string): Promise<StoredLink | undefined> =>
    orUnavailable('StorageUnavailable', async () => {
      const entity = await getEntity(table, LINKS, id);
      return entity && fromLinkRow(key, entity);
    });
  const query = async (filter: string, most = Infinity): Promise<readonly StoredLink[]> => {
    const found: StoredLink[] = [];
    for await (const entity of streamRows('StorageUnavailable', table, filter)) {
      const link = await fromLinkRow(key, entity);
      if (link) found.push(link);
      if (found.length >= most) break;
    }
    return found;
  };

  return {
    find: (account) => findById(linkIdOf(account)),
    findById,
    list: (requesterId) =>
      query(
        requesterId === undefined
          ? odata`PartitionKey eq ${LINKS}`
          : odata`PartitionKey eq ${LINKS} and requesterId eq ${requesterId}`,
      ),
    due: (now, most) => query(odata`PartitionKey eq ${LINKS} and lookAt le ${now.toISOString()}`, most),
    put: async (link) => put(await toLinkRow(key, link)),
    replace: ({ version }, next) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = await toLinkRow(key, next);
        return !(await isLost(() => table.updateEntity(row, 'Replace', { etag: version })));
      }),
    remove: ({ link, version }) => removeOne(LINKS, link.id, version),

    openCode: async (code) => put(await toCodeRow(key, code)),
    findCode: async (codeHash) => {
      const filter = odata`PartitionKey eq ${CODES} and codeHash eq ${codeHash}`;
      for await (const entity of streamRows('StorageUnavailable', table, filter)) return fromCodeRow(key, entity);
      return undefined;
    },
    useCode: ({ code, version }) => removeOne(CODES, linkIdOf(code.account), version),
    forgetCodes: async (now) => {
      const filter = odata`PartitionKey eq ${CODES} and endsAt lt ${now.toISOString()}`;
      for await (const entity of streamRows('StorageUnavailable', table, filter)) {
        const found = await fromCodeRow(key, entity);
        if (found) await removeOne(CODES, linkIdOf(found.code.account), found.version);
      }
    },
  };
}

async function toLinkRow(key: SigningKey, link: Link): Promise<TableEntity> {
  const text = JSON.stringify(link);
  return {
    ...{ partitionKey: LINKS, rowKey: link.id, requesterId: link.caller.requester.id, lookAt: link.lookAt },
    ...{ link: text, proof: await seal(key, LINKS, [link.id, text]) },
  };
}

const signed = { etag: z.string(), rowKey: z.string(), proof: z.string() };
const linkRowSchema = z.object({ ...signed, link: z.string() });

/** `undefined` where it was not this app that wrote the row: nobody acts by it. */
async function fromLinkRow(key: SigningKey, entity: unknown): Promise<StoredLink | undefined> {
  const row = linkRowSchema.safeParse(entity).data;
  const link = row && linkSchema.safeParse(jsonOf(row.link)).data;
  if (!row || !link || link.id !== row.rowKey) return undefined;
  return (await isSealed(key, LINKS, [row.rowKey, row.link], row.proof)) ? { link, version: row.etag } : undefined;
}

async function toCodeRow(key: SigningKey, code: OpenCode): Promise<TableEntity> {
  const text = JSON.stringify(code);
  const rowKey = linkIdOf(code.account);
  return {
    ...{ partitionKey: CODES, rowKey, codeHash: code.codeHash, endsAt: code.until },
    ...{ code: text, proof: await seal(key, CODES, [rowKey, text]) },
  };
}

const codeRowSchema = z.object({ ...signed, code: z.string() });

async function fromCodeRow(key: SigningKey, entity: unknown): Promise<StoredCode | undefined> {
  const row = codeRowSchema.safeParse(entity).data;
  const code = row && openCodeSchema.safeParse(jsonOf(row.code)).data;
  if (!row || !code || linkIdOf(code.account) !== row.rowKey) return undefined;
  return (await isSealed(key, CODES, [row.rowKey, row.code], row.proof)) ? { code, version: row.etag } : undefined;
}
