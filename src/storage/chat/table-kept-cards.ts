import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { SigningKey } from '../../audit/checkpoint/signing-key.ts';
import type { KeptCard, KeptCards } from '../../teams/ports/kept-cards.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { deleteEntity } from '../table/delete-entity.ts';
import { getEntity } from '../table/get-entity.ts';
import { streamRows } from '../table/stream-rows.ts';
import { orUnavailable } from '../table/unavailable.ts';
import { isSealed, seal } from './seal.ts';

const CARDS = 'card';
const KIND = 'kept card';
/** One run's bound: what is left is there for the next run, a minute later. */
const MOST_PER_RUN = 200;

/** Cards beside the requests that they answer. Each row is signed, because people believe what the bot shows them. */
export function tableKeptCards(table: TableClient, key: SigningKey): KeptCards {
  return {
    put: (requestId, kept, until) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = {
          ...{ partitionKey: CARDS, rowKey: requestId, endsAt: until.toISOString() },
          ...columnsOf(kept),
          proof: await seal(key, KIND, saidOf(requestId, columnsOf(kept))),
        };
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity(row, 'Replace'),
        );
      }),

    find: (requestId) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = rowSchema.safeParse(await getEntity(table, CARDS, requestId)).data;
        if (!row) return undefined;
        const { proof, ...columns } = row;
        return (await isSealed(key, KIND, saidOf(requestId, columns), proof)) ? keptOf(columns) : undefined;
      }),

    forget: async (now) => {
      let seen = 0;
      const filter = odata`PartitionKey eq ${CARDS} and endsAt lt ${now.toISOString()}`;
      for await (const entity of streamRows('StorageUnavailable', table, filter)) {
        const { rowKey } = keySchema.parse(entity);
        await orUnavailable('StorageUnavailable', () => deleteEntity(table, CARDS, rowKey));
        if (++seen >= MOST_PER_RUN) break;
      }
    },
  };
}

const keySchema = z.object({ rowKey: z.string() });
const rowSchema = z.object({
  ...{ user: z.string(), card: z.string().exactOptional(), proof: z.string() },
  ...{ checkId: z.uuid().exactOptional(), note: z.string().exactOptional(), isWhole: z.boolean().exactOptional() },
});
type Columns = Omit<z.infer<typeof rowSchema>, 'proof'>;

function columnsOf({ user, ...told }: KeptCard): Columns {
  if ('card' in told) return { user, card: told.card };
  const { id: checkId, note, isWhole } = told.check;
  return { user, checkId, ...(note !== undefined && { note }), ...(isWhole !== undefined && { isWhole }) };
}

function keptOf({ user, card, checkId, ...told }: Columns): KeptCard | undefined {
  if (checkId !== undefined) return { user, check: { id: checkId, ...told } };
  return card === undefined ? undefined : { user, card };
}

const saidOf = (
  requestId: string,
  { user, card, checkId, note, isWhole }: Columns,
): readonly (string | undefined)[] => [
  ...[requestId, user, card],
  ...[checkId, note, isWhole === undefined ? undefined : String(isWhole)],
];
