import { type Check, hasEnded } from '../../../src/check/state/check.ts';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { canonicalJson } from '../../../src/contract/canonical-json.ts';
import type { StoredMember, StoredSet } from '../../../src/set/ports/set-store.ts';
import { memberOfCheck } from '../../../src/set/state/member-of-check.ts';
import type { Stored } from './stored-state.ts';
import type { StoredSets } from './stored-sets.ts';

interface Evidence {
  /** Ids of sets that were answered with 202. */
  readonly accepted: readonly string[];
  /** Ids of sets of which somebody asked for the cancellation. */
  readonly canceled: ReadonlySet<string>;
  readonly stored: Stored;
  readonly storedSets: StoredSets;
  readonly events: readonly AuditEvent[];
}

/**
 * What is wrong, a sentence for each breach; nothing where every accepted set has all its members, each has ended, and each
 * is one of three: a check that says the same of itself, which is held to the invariants of checks; refused, with its event;
 * or canceled before its turn, of which nothing is known to anybody else.
 */
export function setBreaches({ accepted, canceled, stored, storedSets, events }: Evidence): string[] {
  const { sets, open } = storedSets;
  const checks = new Map(
    [...stored.checks.values()].flatMap((check) => (check.member ? [[placeOf(check.member), check] as const] : [])),
  );
  const lost = accepted.filter((id) => !sets.has(id)).map((id) => `I1 set ${id}: accepted, and not stored`);
  const marked = open.map((id) => `I1 set ${id}: something of it is still to be done`);
  const homeless = [...checks.values()].flatMap(({ id, member }) =>
    member && sets.has(member.setId) ? [] : [`I1 ${id}: a member of a set that is not stored`],
  );
  const wrong = [...sets.values()].flatMap(({ set, members }) => [
    ...(members.length === set.total ? [] : [`I1 set ${set.id}: ${members.length} of ${set.total} members are left`]),
    ...members.flatMap((member) => {
      const check = checks.get(placeOf({ setId: set.id, index: member.index }));
      const breach = breachOf(member, check, { wasCanceled: canceled.has(set.id), events });
      return breach === undefined ? [] : [`${breach.slice(0, 2)} set ${set.id}/${member.index}:${breach.slice(2)}`];
    }),
  ]);
  return [...lost, ...marked, ...homeless, ...wrong];
}

const placeOf = ({ setId, index }: { readonly setId: string; readonly index: number }): string => `${setId}/${index}`;

function breachOf(
  { state, request }: StoredSet['members'][number],
  check: Check | undefined,
  { wasCanceled, events }: { readonly wasCanceled: boolean; readonly events: readonly AuditEvent[] },
): string | undefined {
  if (state.kind === 'waiting') return 'I1 its turn never came';
  if (state.kind === 'check') {
    if (check?.id !== state.id) return 'I1 it is a check that is not stored';
    if (!hasEnded(check)) return 'I1 its check has not ended';
    return canonicalJson(memberOfCheck(check)) === canonicalJson(state) ? undefined : 'I3 its check came out otherwise';
  }
  if (check) return `I2 it is ${state.kind}, and a check`;
  if (state.kind === 'refused') return events.some(refuses(request)) ? undefined : 'I4 no event tells its refusal';
  return wasCanceled && state.status === 'Canceled' ? undefined : `I1 it ended as ${state.status} before its turn`;
}

const refuses =
  ({ destination }: StoredMember['request']) =>
  ({ action, target }: AuditEvent): boolean =>
    action === 'refused' &&
    target.destination === (destination.resourceId ?? destination.address) &&
    target.port === destination.port;
