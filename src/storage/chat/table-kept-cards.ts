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
        const { user, card, check } = kept;
        const row = {
          ...{ partitionKey: CARDS, rowKey: requestId, user, card, endsAt: until.toISOString() },
          ...(check && { checkId: check.id, ...(check.state !== undefined && { state: check.state }) }),
          proof: await seal(key, KIND, saidOf(requestId, kept)),
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
        const { user, card, checkId, state, proof } = row;
        const kept = { user, card, ...(checkId !== undefined && { check: { id: checkId, state } }) };
        return (await isSealed(key, KIND, saidOf(requestId, kept), proof)) ? kept : undefined;
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

const saidOf = (requestId: string, { user, card, check }: KeptCard): readonly (string | undefined)[] => [
  ...[requestId, user, card],
  ...[check?.id, check?.state],
];

const keySchema = z.object({ rowKey: z.string() });
const rowSchema = z.object({
  ...{ user: z.string(), card: z.string(), proof: z.string() },
  ...{ checkId: z.uuid().optional(), state: z.string().optional() },
});
