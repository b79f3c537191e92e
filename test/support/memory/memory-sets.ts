import type { OverdueChecks } from '../../../src/check/ports/overdue-checks.ts';
import { blankProbeHeaders } from '../../../src/check/state/blank-probe-headers.ts';
import type { Check } from '../../../src/check/state/check.ts';
import type { SetStore, StoredMember, StoredSet } from '../../../src/set/ports/set-store.ts';
import { memberOfCheck } from '../../../src/set/state/member-of-check.ts';
import type { Member } from '../../../src/set/state/set.ts';
import { placeInList } from '../../../src/storage/sets/set-keys.ts';
import { claimMarkers, type MemoryMarkers } from './claim-markers.ts';

interface Row extends StoredSet {
  readonly waiting: number;
}

/** The port's rules without a network; held to the same suite as Azure Table storage. */
export function memorySets() {
  const rows = new Map<string, Row>();
  const keys = new Map<string, string>();
  const markers: MemoryMarkers = new Map();
  let writes = 0;
  const nextVersion = (): string => String(++writes);

  function put(row: Row): StoredSet {
    const { id, open, dueAt } = row.set;
    rows.set(id, structuredClone(row));
    if (open) markers.set(id, { dueAt, sweeps: 0 });
    else markers.delete(id);
    return { set: row.set, version: row.version, members: row.members };
  }

  function change(setId: string, index: number, next: (member: StoredMember) => Member): void {
    const row = rows.get(setId);
    if (!row) return;
    const members = row.members.map((member) =>
      member.index === index ? { ...next(member), version: nextVersion() } : member,
    );
    rows.set(setId, structuredClone({ ...row, members }));
  }

  async function* claimAll(now: Date): AsyncGenerator<string> {
    for (const id of claimMarkers(markers, now)) yield await Promise.resolve(id);
  }

  const memberAt = (setId: string, index: number): StoredMember | undefined => rows.get(setId)?.members[index];

  const store: SetStore = {
    insert: (set, members, waiting, key) => {
      const first = key === undefined ? undefined : keys.get(key);
      if (first !== undefined) return Promise.resolve(first);
      if (key !== undefined) keys.set(key, set.id);
      const stored = members.map((member) => ({ ...blankUnlessWaiting(member), version: nextVersion() }));
      put({ set, version: nextVersion(), members: stored, waiting });
      return Promise.resolve(set.id);
    },
    find: (id) => {
      const row = rows.get(id);
      return Promise.resolve(row && structuredClone({ set: row.set, version: row.version, members: row.members }));
    },
    idOfKey: (key) => Promise.resolve(keys.get(key)),
    replace: (stored, next, waiting) => {
      const row = rows.get(next.id);
      if (row?.version !== stored.version) return Promise.resolve(undefined);
      const version = nextVersion();
      put({ ...row, set: next, version, waiting });
      return Promise.resolve({ ...stored, set: next, version });
    },
    endMembers: (set, ends) => {
      if (!ends.every(({ member }) => memberAt(set.id, member.index)?.version === member.version))
        return Promise.resolve(false);
      for (const { member, state } of ends)
        change(set.id, member.index, () => blankUnlessWaiting({ ...member, state }));
      return Promise.resolve(true);
    },
    waitingOf: (requesterId, since) => {
      const own = [...rows.values()].filter(
        ({ set }) => set.caller.requester.id === requesterId && new Date(set.createdAt) > since,
      );
      return Promise.resolve(own.reduce((sum, { waiting }) => sum + waiting, 0));
    },
    page: (requesterId, top, after = '') => {
      const places = [...rows.values()]
        .filter(({ set }) => set.caller.requester.id === requesterId)
        .map(({ set }) => placeInList(new Date(set.createdAt), set.id))
        .toSorted()
        .filter((place) => place > after);
      const shown = places.slice(0, top);
      const next = places.length > top ? shown.at(-1) : undefined;
      return Promise.resolve({
        ids: shown.map((place) => place.slice(-36)),
        ...(next !== undefined && { next }),
      });
    },
  };
  const overdue: OverdueChecks = { claim: (now) => [claimAll(now)] };

  return {
    store,
    overdue,
    /** Whether a check's member is as it was when its turn began. */
    isAt: ({ member }: Check, version: string | undefined): boolean =>
      member === undefined || memberAt(member.setId, member.index)?.version === version,
    /** What a write of a check changes in its set. */
    follow: (before: Check | undefined, next: Check): void => {
      const { member } = next;
      if (!member) return;
      change(member.setId, member.index, (kept) => ({
        ...kept,
        request: before ? kept.request : blankProbeHeaders(next.request),
        state: memberOfCheck(next),
      }));
    },
  };
}

const blankUnlessWaiting = <M extends Member>(member: M): M =>
  member.state.kind === 'waiting' ? member : { ...member, request: blankProbeHeaders(member.request) };
