import { type AuditEntry, type AuditLog, subjectOf } from '../../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../../src/audit/event.ts';
import type { RefusalCount, RefusalCounts } from '../../../src/audit/refusal-counts.ts';
import { overdueBefore } from '../../../src/check/overdue.ts';
import { nextSweepDue } from '../../../src/check/sweep.ts';
import { claimMarkers } from './claim-markers.ts';
import { minuteOf } from '../../../src/contract/time.ts';
import { type Check, hasEnded, isOpen } from '../../../src/check/state/check.ts';
import type { CheckQueue } from '../../../src/check/ports/check-queue.ts';
import type { CheckStore } from '../../../src/check/ports/check-store.ts';
import type { Pauses } from '../../../src/check/ports/pauses.ts';
import type { Notice, NoticeKey } from '../../../src/notify/notice.ts';
import type { NoticeQueue } from '../../../src/notify/ports/notice-queue.ts';
import type { NoticeStore } from '../../../src/notify/ports/notice-store.ts';
import type { OverdueChecks } from '../../../src/check/ports/overdue-checks.ts';
import type { NotedRun, Runs } from '../../../src/check/ports/runs.ts';
import type { RequesterHistory } from '../../../src/check/ports/requester-history.ts';
import { readFlow } from '../../../src/policy/rule/flow.ts';
import type { SetQueue } from '../../../src/set/ports/set-queue.ts';
import type { SetStore } from '../../../src/set/ports/set-store.ts';
import { memorySets } from './memory-sets.ts';
import { type PastRequest, destinationKey, portsOf } from '../../../src/policy/limits.ts';

interface Row {
  readonly check: Check;
  readonly version: string;
}

export interface MemoryCheckStore extends CheckStore, OverdueChecks, RequesterHistory {
  /** Every row, as it is stored. */
  readonly rows: () => Check[];
  /** Sets share the checks' transactions. */
  readonly sets: SetStore;
  readonly overdueSets: OverdueChecks;
}

/** The port's rules without a network; held to the same suite as Azure Table storage. */
export function memoryCheckStore(): MemoryCheckStore {
  const rows = new Map<string, Row>();
  const answers = new Map<string, string>();
  const refused: { requesterId: string; at: Date; overLimit: boolean }[] = [];
  const markers = new Map<string, { dueAt: string; sweeps: number }>();
  let writes = 0;
  const sets = memorySets();

  function put<C extends Check>(check: C): { check: C; version: string } {
    const row = { check: structuredClone(check), version: String(++writes) };
    rows.set(check.id, row);
    if (isOpen(check)) markers.set(check.id, { dueAt: check.dueAt, sweeps: 0 });
    else markers.delete(check.id);
    return { check, version: row.version };
  }

  async function* claimAll(now: Date): AsyncGenerator<string> {
    for (const id of claimMarkers(markers, now)) yield await Promise.resolve(id);
  }

  return {
    insert: (check, memberVersion) => {
      if (rows.has(check.id) || !sets.isAt(check, memberVersion)) return Promise.resolve(false);
      sets.follow(undefined, check);
      put(check);
      return Promise.resolve(true);
    },
    find: (id) => Promise.resolve(structuredClone(rows.get(id))),
    replace: (stored, next, answer) => {
      if (rows.get(next.id)?.version !== stored.version) return Promise.resolve(undefined);
      if (answer !== undefined) answers.set(next.id, answer);
      sets.follow(stored.check, next);
      return Promise.resolve(put(next));
    },
    answer: (id) => Promise.resolve(answers.get(id)),
    claim: (now) => [claimAll(now)],
    since: (requesterId, since, now, destination) => {
      const own = [...rows.values()].filter(({ check }) => check.caller.requester.id === requesterId);
      const asked = own.map(({ check }) => {
        const flow = readFlow(check.request);
        const at = new Date(check.createdAt);
        const { rule } = check.decision;
        return { at, open: !hasEnded(check), destinationKey: destinationKey(flow), ports: portsOf(flow), rule };
      });
      const others = refused
        .filter((each) => each.requesterId === requesterId)
        .map(({ at, overLimit }) => ({ at, open: false, destinationKey: undefined, ports: [], overLimit }));
      const wanted = (past: PastRequest): boolean =>
        past.at > since &&
        (past.at.getTime() > now.getTime() - 60_000 ||
          past.open ||
          (destination !== undefined && past.destinationKey === destination));
      return Promise.resolve([...asked, ...others].filter(wanted).sort((a, b) => b.at.getTime() - a.at.getTime()));
    },
    refusedSince: (requesterId, since, most) => {
      const own = refused.filter((each) => each.requesterId === requesterId && each.at > since);
      return Promise.resolve(Math.min(own.length, most));
    },
    addRefused: (requesterId, at, _id, overLimit) => {
      refused.push({ requesterId, at, overLimit });
      return Promise.resolve();
    },
    rows: () => [...rows.values()].map(({ check }) => check),
    sets: sets.store,
    overdueSets: sets.overdue,
  };
}

export function memoryPauses(): Pauses {
  const minutes = new Set<string>();
  return {
    note: (now) => {
      minutes.add(minuteOf(now));
      return Promise.resolve();
    },
    secondsBetween: (from, to) =>
      Promise.resolve([...minutes].filter((minute) => minute >= minuteOf(from) && minute <= minuteOf(to)).length * 60),
  };
}

export interface MemoryRuns extends Runs {
  /** Ids of the checks that are noted. */
  readonly leaders: () => readonly string[];
}

/** The port's rules without a network; held to the same suite as Azure Table storage. */
export function memoryRuns(): MemoryRuns {
  const rows = new Map<string, NotedRun>();
  let writes = 0;
  return {
    find: (joinKey) => Promise.resolve(rows.get(joinKey)),
    note: (joinKey, run, version) => {
      if (rows.get(joinKey)?.version !== version) return Promise.resolve(false);
      rows.set(joinKey, { run, version: String(++writes) });
      return Promise.resolve(true);
    },
    leaders: () => [...rows.values()].map(({ run }) => run.checkId),
  };
}

export interface MemoryAuditLog extends AuditLog {
  /** Every event in the order it was written. */
  events(): AuditEvent[];
}

export function memoryAuditLog(): MemoryAuditLog {
  const entries = new Map<string, AuditEvent>();
  const announced = new Map<string, Pick<AuditEvent, 'id' | 'time' | 'fingerprint'>>();
  const keyOf = ({ sequence, event }: AuditEntry): string => `${subjectOf(event)}/${sequence}`;
  const append = (entry: AuditEntry): Promise<AuditEvent> => {
    const known = entries.get(keyOf(entry));
    if (known) return Promise.resolve(known);
    entries.set(keyOf(entry), structuredClone(entry.event));
    return Promise.resolve(entry.event);
  };
  return {
    record: (event) => {
      const { id, time, fingerprint } =
        (event.fingerprint === undefined ? undefined : announced.get(subjectOf(event))) ?? event;
      announced.set(subjectOf(event), { id, time, fingerprint });
      const kept = { ...event, id, time, fingerprint };
      return fingerprint === event.fingerprint ? append({ sequence: 1, event: kept }) : Promise.resolve(kept);
    },
    append,
    find: ({ time, subject, sequence }) => {
      const event = entries.get(`${subject}/${sequence}`);
      return Promise.resolve(event?.time === time ? event : undefined);
    },
    events: () => [...entries.values()],
  };
}

export function memoryRefusalCounts(): RefusalCounts {
  const counts = new Map<string, RefusalCount>();
  const keyOf = (requesterId: string, minute: string): string => `${minute} ${requesterId}`;
  return {
    add: (event) => {
      const minute = minuteOf(new Date(event.time));
      const key = keyOf(event.requester.id, minute);
      const kept = counts.get(key) ?? { minute, count: 0, event: structuredClone(event) };
      counts.set(key, { ...kept, count: kept.count + 1 });
      return Promise.resolve();
    },
    before: (time) =>
      Promise.resolve({
        counts: [...counts.values()].filter(({ minute }) => minute < minuteOf(time)),
        malformed: [],
      }),
    forget: ({ event, minute }) => {
      counts.delete(keyOf(event.requester.id, minute));
      return Promise.resolve();
    },
  };
}

export interface MemoryCheckQueue extends CheckQueue {
  readonly sent: { checkId: string; delaySeconds: number }[];
}

export function memoryCheckQueue(): MemoryCheckQueue {
  const sent: MemoryCheckQueue['sent'] = [];
  return {
    sent,
    send: (checkId, delaySeconds) => {
      sent.push({ checkId, delaySeconds });
      return Promise.resolve();
    },
  };
}

export interface MemoryNotices extends NoticeStore {
  /** Every notice, as it is stored. */
  rows(): Notice[];
}

/** The port's rules without a network; held to the same suite as Azure Table storage. */
export function memoryNotices(): MemoryNotices {
  const rows = new Map<string, { notice: Notice; version: string; lookAt: string; sweeps: number }>();
  let writes = 0;
  const textOf = ({ about, to }: NoticeKey): string => `${about.kind}!${about.id}!${to}`;
  const placeOf = ({ about, to }: Notice): string => textOf({ about, to: to.kind });
  const put = (notice: Notice) => {
    const row = { notice: structuredClone(notice), version: String(++writes), lookAt: notice.dueAt, sweeps: 0 };
    rows.set(placeOf(notice), row);
    return { notice, version: row.version };
  };

  async function* claimAll(now: Date): AsyncGenerator<NoticeKey> {
    for (const [place, row] of [...rows]) {
      if (new Date(row.lookAt) >= overdueBefore(now)) continue;
      const lookAt = nextSweepDue(now, row.sweeps).toISOString();
      rows.set(place, { ...row, version: String(++writes), lookAt, sweeps: row.sweeps + 1 });
      yield await Promise.resolve({ about: row.notice.about, to: row.notice.to.kind });
    }
  }

  return {
    insert: (notice) => {
      if (rows.has(placeOf(notice))) return Promise.resolve(false);
      put(notice);
      return Promise.resolve(true);
    },
    find: (key) => {
      const row = rows.get(textOf(key));
      return Promise.resolve(row && { notice: structuredClone(row.notice), version: row.version });
    },
    findAll: ({ kind, id }) =>
      Promise.resolve(
        [...rows.values()]
          .filter(({ notice: { about } }) => `${about.kind} ${about.id}` === `${kind} ${id}`)
          .map(({ notice, version }) => ({ notice: structuredClone(notice), version })),
      ),
    replace: ({ version }, next) =>
      Promise.resolve(rows.get(placeOf(next))?.version === version ? put(next) : undefined),
    remove: ({ notice, version }) => {
      if (rows.get(placeOf(notice))?.version === version) rows.delete(placeOf(notice));
      return Promise.resolve();
    },
    claimOverdue: (now) => [claimAll(now)],
    rows: () => [...rows.values()].map(({ notice }) => notice),
  };
}

export interface MemoryNoticeQueue extends NoticeQueue {
  readonly sent: { key: NoticeKey; delaySeconds: number }[];
}

export function memoryNoticeQueue(): MemoryNoticeQueue {
  const sent: MemoryNoticeQueue['sent'] = [];
  return {
    sent,
    send: (key, delaySeconds) => {
      sent.push({ key, delaySeconds });
      return Promise.resolve();
    },
  };
}

export interface MemorySetQueue extends SetQueue {
  readonly sent: { setId: string; delaySeconds: number }[];
}

export function memorySetQueue(): MemorySetQueue {
  const sent: MemorySetQueue['sent'] = [];
  return {
    sent,
    send: (setId, delaySeconds) => {
      sent.push({ setId, delaySeconds });
      return Promise.resolve();
    },
  };
}
