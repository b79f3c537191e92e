import type { TableEntity, TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import { connectivityParametersSchema } from '../../arm/connectivity-parameters.ts';
import { blankProbeHeaders } from '../../check/state/blank-probe-headers.ts';
import type { Check } from '../../check/state/check.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { jsonOf } from '../../contract/json-of.ts';
import type { MemberEnd, StoredMember } from '../../set/ports/set-store.ts';
import { memberOfCheck } from '../../set/state/member-of-check.ts';
import { type Member, memberFixedSchema, memberStateSchema } from '../../set/state/set.ts';
import { shardOf } from '../table/check-keys.ts';
import { fromTextProperties, toTextProperties } from '../table/text-properties.ts';
import { indexOfKey, memberKey } from './set-keys.ts';

// What never changes of a member, what is asked and where it stands are columns of their own: a write changes what it is about.

const placeOf = (setId: string, index: number) => ({ partitionKey: shardOf(setId), rowKey: memberKey(setId, index) });
const request = (of: Member['request']) => toTextProperties('request', JSON.stringify(of));
const state = (of: Member['state']) => toTextProperties('state', JSON.stringify(of));

export function toMemberRow(setId: string, member: Member): TableEntity {
  const { index, request: asked, state: stands, ...fixed } = member;
  return {
    ...placeOf(setId, index),
    ...toTextProperties('fixed', JSON.stringify(fixed)),
    ...request(stands.kind === 'waiting' ? asked : blankProbeHeaders(asked)),
    ...state(stands),
  };
}

const rowSchema = z.looseObject({ rowKey: z.string(), etag: z.string() });

/** `undefined` for a row that is none: without that member the set is not what was asked for, and ends for it. */
export function fromMemberRow(row: unknown): StoredMember | undefined {
  const entity = rowSchema.parse(row);
  const json = (name: string): unknown => jsonOf(fromTextProperties(name, entity));
  const fixed = memberFixedSchema.safeParse(json('fixed')).data;
  const request = connectivityParametersSchema.safeParse(json('request')).data;
  const state = memberStateSchema.safeParse(json('state')).data;
  if (!fixed || !request || !state) return undefined;
  return { index: indexOfKey(entity.rowKey) ?? 0, ...fixed, request, state, version: entity.etag };
}

/** Without the values of probe headers, in place of a text that may have had more parts. */
function blanked(asked: Member['request']): Record<string, string> {
  const parts = Object.keys(request(asked));
  return { ...Object.fromEntries(parts.map((part) => [part, ''])), ...request(blankProbeHeaders(asked)) };
}

/** The end of a member that waits. */
export function endOfMember(setId: string, { member, state: end }: MemberEnd): TransactionAction {
  const { version, ...rest } = member;
  return ['update', toMemberRow(setId, { ...rest, state: end }), 'Replace', { etag: version }];
}

/**
 * What a write of a check changes in its set: in the same transaction, so that a matrix is one read. A check is inserted
 * where its member is as it was when its turn began, which has not moved since.
 */
export function memberChanges(before: Check | undefined, next: Check, version?: string): TransactionAction[] {
  if (!next.member) return [];
  const { setId, index } = next.member;
  const shown = memberOfCheck(next);
  if (!before) {
    const row = { ...placeOf(setId, index), ...blanked(next.request), ...state(shown) };
    return [['update', row, 'Merge', { etag: version ?? '' }]];
  }
  if (canonicalJson(memberOfCheck(before)) === canonicalJson(shown)) return [];
  return [['upsert', { ...placeOf(setId, index), ...state(shown) }, 'Merge']];
}
