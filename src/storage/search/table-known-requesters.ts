import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type KnownRequesters, MOST_NAMESAKES } from '../../audit/known-requesters.ts';
import { requesterInKey, shardOfRequester, shards } from '../table/check-keys.ts';
import { getEntity } from '../table/get-entity.ts';
import { readLists } from './read-lists.ts';
import { orUnavailable } from '../table/unavailable.ts';
import { knownPrefixes } from './known-requester-rows.ts';

const knownSchema = z.object({ requesterId: z.string(), name: z.string(), kind: z.enum(['user', 'app']) });

const EVERYBODY = { after: '', before: '~' };

/** Requesters by what they were ever called, and by the rules that ever decided. */
export function tableKnownRequesters(checks: TableClient): KnownRequesters {
  const rowsOf = (prefix: string, limit: number) =>
    readLists(checks, { lists: shards.map((partition) => ({ partition, prefix })) }, EVERYBODY, limit);
  return {
    named: (name) =>
      orUnavailable('StorageUnavailable', async () => {
        const rows = await rowsOf(knownPrefixes.name(name), MOST_NAMESAKES);
        const known = rows.flatMap(({ row }) => knownSchema.safeParse(row).data ?? []);
        return known.map(({ requesterId: id, ...rest }) => ({ id, ...rest })).slice(0, MOST_NAMESAKES);
      }),

    hasDecided: (rule, { requesterId, byAllowing }) =>
      orUnavailable('StorageUnavailable', async () => {
        const prefixes = [knownPrefixes.allow(rule), ...(byAllowing ? [] : [knownPrefixes.deny(rule)])];
        const found = await Promise.all(prefixes.map((prefix) => isAny(prefix, requesterId)));
        return found.includes(true);
      }),
  };

  async function isAny(prefix: string, requesterId: string | undefined): Promise<boolean> {
    if (requesterId === undefined) return (await rowsOf(prefix, 1)).length > 0;
    return (await getEntity(checks, shardOfRequester(requesterId), prefix + requesterInKey(requesterId))) !== undefined;
  }
}
