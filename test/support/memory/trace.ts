import { isOpen } from '../../../src/check/state/check.ts';
import type { Io } from '../faults/io-trace.ts';
import type { Stored, StoredEvent } from '../faults/stored-state.ts';
import { type Interfere, interruptible, type MemoryRequest, type ProcessDeps, type Stage } from './interruptible.ts';
import type { memoryProxy } from './memory-proxy.ts';

type Proxy = ReturnType<typeof memoryProxy>;

/** Counts every request, and notes when events were written and what was sent to ARM. */
export function createTrace(proxy: Proxy) {
  const log: Io[] = [];
  const writtenAt = new Map<string, number>();
  const begunAt = new Map<MemoryRequest, number>();
  let tick = 0;
  const note = (request: MemoryRequest, stage: Stage): void => {
    tick += 1;
    if (stage === 'before') begunAt.set(request, tick);
    else if (request.operation === 'begin') log.push(postOf(request, begunAt.get(request) ?? 0));
    else if (['record', 'append'].includes(request.operation)) {
      for (const { id } of proxy.audit.events()) if (!writtenAt.has(id)) writtenAt.set(id, tick);
    }
  };
  const wrap = (deps: ProcessDeps, interfere: Interfere): ProcessDeps =>
    interruptible(deps, async (request, stage) => {
      if (stage === 'after') note(request, stage);
      const end = await interfere(request, stage);
      // Whoever stalled before it begins it only now.
      if (stage === 'before') note(request, stage);
      return end;
    });
  return Object.assign(wrap, { log, writtenAt });
}

const postOf = ({ operation, checkId = '' }: MemoryRequest, begun: number): Io => ({
  ...{ service: 'arm', operation, method: 'POST', path: '/', tryOf: String(begun), begun },
  ...{ checkIds: [checkId], executed: true, status: 200 },
});

/** All that the memory adapters hold of checks and their audit. */
export async function storedBy({ store, audit }: Proxy, writtenAt: ReadonlyMap<string, number>): Promise<Stored> {
  const rows = store.rows();
  const answered = await Promise.all(rows.map(async ({ id }) => ((await store.answer(id)) === undefined ? [] : [id])));
  const events = audit.events().map((event) => ({ event, writtenAt: writtenAt.get(event.id) ?? Infinity }));
  return {
    checks: new Map(rows.map((check) => [check.id, check])),
    open: rows.filter(isOpen).map(({ id }) => id),
    answers: new Set(answered.flat()),
    events: byCheck(events),
  };
}

function byCheck(events: readonly StoredEvent[]): Stored['events'] {
  const grouped = new Map<string, StoredEvent[]>();
  for (const stored of events) {
    const { checkId } = stored.event;
    if (checkId !== undefined) grouped.set(checkId, [...(grouped.get(checkId) ?? []), stored]);
  }
  return grouped;
}
