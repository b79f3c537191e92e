import { odata, type TableClient, type TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import { type Link, linkIdOf, linkSchema, type OpenCode, openCodeSchema } from '../../chat/link/link.ts';
import type { Links, StoredCode, StoredLink } from '../../chat/ports/links.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { getEntity } from '../table/get-entity.ts';
import { streamRows } from '../table/stream-rows.ts';
import { isLost, orUnavailable } from '../table/unavailable.ts';

const LINKS = 'link';
const CODES = 'code';

/** Links, a row an account, and open codes, a row an account too: so that there is never more than one of each. */
export function tableLinks(table: TableClient): Links {
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
      return entity && fromLinkRow(entity);
    });
  const query = async (filter: string, most = Infinity): Promise<readonly StoredLink[]> => {
    const found: StoredLink[] = [];
    for await (const entity of streamRows('StorageUnavailable', table, filter)) {
      const link = fromLinkRow(entity);
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
    put: (link) => put(toLinkRow(link)),
    replace: ({ version }, next) =>
      orUnavailable(
        'StorageUnavailable',
        async () => !(await isLost(() => table.updateEntity(toLinkRow(next), 'Replace', { etag: version }))),
      ),
    remove: ({ link, version }) => removeOne(LINKS, link.id, version),

    openCode: (code) => put(toCodeRow(code)),
    findCode: async (codeHash) => {
      const filter = odata`PartitionKey eq ${CODES} and codeHash eq ${codeHash}`;
      for await (const entity of streamRows('StorageUnavailable', table, filter)) return fromCodeRow(entity);
      return undefined;
    },
    useCode: ({ code, version }) => removeOne(CODES, linkIdOf(code.account), version),
    forgetCodes: async (now) => {
      const filter = odata`PartitionKey eq ${CODES} and endsAt lt ${now.toISOString()}`;
      for await (const entity of streamRows('StorageUnavailable', table, filter)) {
        const found = fromCodeRow(entity);
        if (found) await removeOne(CODES, linkIdOf(found.code.account), found.version);
      }
    },
  };
}

const toLinkRow = (link: Link): TableEntity => ({
  ...{ partitionKey: LINKS, rowKey: link.id },
  ...{ requesterId: link.caller.requester.id, lookAt: link.lookAt, link: JSON.stringify(link) },
});

const linkRowSchema = z.object({ etag: z.string(), link: z.string() });

/** `undefined` where somebody else wrote the row: nobody acts by it. */
function fromLinkRow(entity: unknown): StoredLink | undefined {
  const row = linkRowSchema.safeParse(entity).data;
  const link = row && linkSchema.safeParse(jsonOf(row.link)).data;
  return link && { link, version: row.etag };
}

const toCodeRow = (code: OpenCode): TableEntity => ({
  ...{ partitionKey: CODES, rowKey: linkIdOf(code.account) },
  ...{ codeHash: code.codeHash, endsAt: code.until, code: JSON.stringify(code) },
});

const codeRowSchema = z.object({ etag: z.string(), code: z.string() });

function fromCodeRow(entity: unknown): StoredCode | undefined {
  const row = codeRowSchema.safeParse(entity).data;
  const code = row && openCodeSchema.safeParse(jsonOf(row.code)).data;
  return code && { code, version: row.etag };
}
