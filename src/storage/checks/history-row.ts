import type { TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import { type Check, hasEnded } from '../../check/state/check.ts';
import { type PastRequest, destinationKey, portsOf } from '../../policy/limits.ts';
import { readFlow } from '../../policy/rule/flow.ts';
import { historyKey, shardOf } from '../table/check-keys.ts';

/** A check in its requester's history; it is written in the check's own transactions. */
export function toHistoryRow(check: Check): TableEntity {
  const { id, caller, createdAt, decision } = check;
  const flow = readFlow(check.request);
  return {
    partitionKey: shardOf(id),
    rowKey: historyKey(caller.requester.id, new Date(createdAt), id),
    at: createdAt,
    open: !hasEnded(check),
    destinationKey: destinationKey(flow),
    ports: portsOf(flow).join(','),
    rule: decision.rule,
  };
}

const rowSchema = z.object({
  at: z.iso.datetime(),
  open: z.boolean(),
  destinationKey: z.string().optional(),
  ports: z.string().optional(),
  rule: z.string().optional(),
  overLimit: z.boolean().optional(),
});

/** `undefined` for a row that is none: it keeps nobody from asking. */
export function fromHistoryRow(entity: unknown): PastRequest | undefined {
  const row = rowSchema.safeParse(entity).data;
  if (!row) return undefined;
  const { ports = '', at, ...rest } = row;
  return { ...rest, at: new Date(at), ports: ports === '' ? [] : ports.split(',').map(Number) };
}
