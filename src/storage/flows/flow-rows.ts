import type { TableEntity, TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import { foldCase } from '../../arm/fold-case.ts';
import { connectivityParametersSchema } from '../../arm/connectivity-parameters.ts';
import { endedCheckOf, isFailure } from '../../check/flow/ended-check.ts';
import type { EndedCheck } from '../../check/flow/flow-index.ts';
import { type Pair, type Question, questionOf } from '../../check/flow/question.ts';
import type { Check } from '../../check/state/check.ts';
import { sharedWithSchema } from '../../contract/answer/shared-with.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { reachabilitySchema } from '../../contract/verdict.ts';
import { sha256 } from '../../contract/sha256.ts';
import { shardOf } from '../table/check-keys.ts';
import { descendingTimeKey } from '../table/descending-time-key.ts';
import { fromTextProperties, toTextProperties } from '../table/text-properties.ts';

/** Letter case counts in the path of a URI, and in no resource id. */
const pairText = ({ source, destination: { resourceId, address } }: Pair): unknown[] => [
  foldCase(source),
  resourceId === undefined ? { address } : { resourceId: foldCase(resourceId) },
];
const keyOf = (...parts: unknown[]): string => sha256(canonicalJson(parts)).slice(0, 32);
const questionKey = (question: Question): string =>
  keyOf(...pairText(question), question.port ?? 0, question.protocol ?? '');

export const flowPrefixes = {
  /** Newest first. */
  all: (question: Question): string => `flow!${questionKey(question)}!`,
  /** Newest first. */
  reachable: (question: Question): string => `flowGood!${questionKey(question)}!`,
  /** Oldest first. */
  failures: (question: Question): string => `flowBad!${questionKey(question)}!`,
  questions: (pair: Pair): string => `flowPort!${keyOf(...pairText(pair))}!`,
};

/** Table storage sorts upwards, and so does time here. */
export const ascendingTimeKey = (time: Date): string => String(time.getTime()).padStart(13, '0');

/** What a write of a check changes in the index of flows, to be done in the same transaction. */
export function flowRowChanges(before: Check | undefined, next: Check): TransactionAction[] {
  const ended = endedCheckOf(next);
  if (!ended) return [];
  const text = canonicalJson(ended);
  const earlier = before && endedCheckOf(before);
  if (earlier && canonicalJson(earlier) === text) return [];
  const rows = rowsOf(ended, text);
  return (earlier ? rows : [...rows, questionRow(ended)]).map((row) => ['upsert', row, 'Replace']);
}

function rowsOf(ended: EndedCheck, text: string): TableEntity[] {
  const { id, at, request, reachability } = ended;
  const question = questionOf(request);
  const [up, down] = [ascendingTimeKey, descendingTimeKey].map((key) => `${key(new Date(at))}!${id}`);
  const keys = [
    flowPrefixes.all(question) + (down ?? ''),
    ...(reachability === 'Reachable' ? [flowPrefixes.reachable(question) + (down ?? '')] : []),
    ...(isFailure(reachability) ? [flowPrefixes.failures(question) + (up ?? '')] : []),
  ];
  const columns = { ...(reachability && { reachability }), ...toTextProperties('ended', text) };
  return keys.map((rowKey) => ({ partitionKey: shardOf(id), rowKey, ...columns }));
}

/** One for each port and protocol of a pair, however many checks there are. */
function questionRow({ id, at, request }: EndedCheck): TableEntity {
  const question = questionOf(request);
  const { port, protocol } = question;
  const rowKey = flowPrefixes.questions(question) + questionKey(question);
  return { partitionKey: shardOf(id), rowKey, at, ...(port !== undefined && { port }), ...(protocol && { protocol }) };
}

const endedSchema: z.ZodType<EndedCheck> = z.object({
  id: z.uuid(),
  requesterId: z.string(),
  request: connectivityParametersSchema.pick({ source: true, destination: true, protocol: true }),
  rule: z.string().optional(),
  sharedWith: sharedWithSchema.optional(),
  hasResult: z.boolean(),
  at: z.iso.datetime(),
  reachability: reachabilitySchema.optional(),
  code: z.string().optional(),
});

export const readFlowRow = (row: Readonly<Record<string, unknown>>): EndedCheck =>
  endedSchema.parse(JSON.parse(fromTextProperties('ended', row)));

export const questionRowSchema = z.object({
  rowKey: z.string(),
  at: z.string(),
  port: z.int().optional(),
  protocol: connectivityParametersSchema.shape.protocol,
});
