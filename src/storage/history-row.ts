import type { TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import { type Check, hasEnded } from '../check/check.ts';
import { type PastRequest, placeOf, portsOf } from '../policy/limits.ts';
import { historyKey, shardOf } from './check-keys.ts';

/** A check in its requester's history; it is written in the check's own transactions. */
export function toHistoryRow(check: Check): TableEntity {
  const { id, caller, createdAt, request } = check;
  return {
    partitionKey: shardOf(id),
    rowKey: historyKey(caller.requester.id, new Date(createdAt), id),
    at: createdAt,
    open: !hasEnded(check),
    // Keys and filters ignore no case; a long place would be a long filter.
    place: placeOf(request).slice(0, MAX_PLACE),
    ports: portsOf(request).join(','),
  };
}

export const MAX_PLACE = 512;

const rowSchema = z.object({
  at: z.string(),
  open: z.boolean(),
  place: z.string().optional(),
  ports: z.string().optional(),
  overLimit: z.boolean().optional(),
});

export function fromHistoryRow(entity: unknown): PastRequest {
  const { ports = '', at, ...rest } = rowSchema.parse(entity);
  return { ...rest, at: new Date(at), ports: ports === '' ? [] : ports.split(',').map(Number) };
}
