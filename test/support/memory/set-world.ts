import { hasEnded } from '../../../src/check/state/check.ts';
import { step } from '../../../src/check/step.ts';
import type { Actor } from '../../../src/contract/actor.ts';
import type { ConnectivityParameters } from '../../../src/arm/connectivity-parameters.ts';
import { createSet, type AskedSet } from '../../../src/set/create.ts';
import type { StoredSet } from '../../../src/set/ports/set-store.ts';
import { stepSet } from '../../../src/set/step.ts';
import { viewOfSet } from '../../../src/set/state/view-of-set.ts';
import { accepted, askedOf, done, memoryProxy } from './memory-proxy.ts';
import { sampleCaller, webVm } from '../samples.ts';

type Changes = Parameters<typeof memoryProxy>[1];
type Wake = { readonly at: number } & ({ readonly checkId: string } | { readonly setId: string });

export const vm = (name: string): string => webVm.replace(/[^/]+$/, name);

/** Each source with each port of one destination. */
export const productOf = (sources: readonly string[], ports: readonly number[]): ConnectivityParameters[] =>
  sources.flatMap((source) =>
    ports.map((port) => ({
      source: { resourceId: vm(source) },
      destination: { address: '10.1.2.4', port },
      protocol: 'Tcp' as const,
    })),
  );

export const range = (count: number, from = 1): number[] => Array.from({ length: count }, (_, i) => from + i);

export const asking = (name = 'alice', roles = ['Check.Request']): Actor => ({
  caller: sampleCaller(name, roles),
  origin: { sourceAddress: '127.0.0.1', requestId: 'request-of-the-set' },
});

export const setOf = (requests: readonly ConnectivityParameters[], more: Partial<AskedSet> = {}): AskedSet => ({
  members: requests.map((request) => ({ asked: askedOf(request) })),
  ...more,
});

/** The proxy in memory, with a clock that goes from message to message, in the order of their times. A check takes Azure 60 s. */
export function setWorld(changes: Changes = {}, script: Parameters<typeof memoryProxy>[0] = {}) {
  const slow = { ...accepted, afterSeconds: 60 };
  const proxy = memoryProxy({ begin: [slow], poll: [done], ...script }, changes);
  const { deps, queue, setQueue, now } = proxy;
  const wakes: Wake[] = [];

  /** What was sent since the last look gets its time. */
  function collect(): void {
    const at = (delaySeconds: number): number => now().getTime() + delaySeconds * 1000;
    for (const { checkId, delaySeconds } of queue.sent.splice(0)) wakes.push({ checkId, at: at(delaySeconds) });
    for (const { setId, delaySeconds } of setQueue.sent.splice(0)) wakes.push({ setId, at: at(delaySeconds) });
    wakes.sort((a, b) => a.at - b.at);
  }

  /** The next message; `false` where there is none. */
  async function turn(): Promise<boolean> {
    collect();
    const next = wakes.shift();
    if (!next) return false;
    proxy.advance(Math.max(0, (next.at - now().getTime()) / 1000));
    if ('checkId' in next) await step(deps, next.checkId);
    else await stepSet(deps, next.setId);
    return true;
  }

  return {
    ...proxy,
    create: (asked: AskedSet, actor = asking()): Promise<StoredSet> => createSet(deps, actor, asked),
    turn,
    /** Goes on until a time has passed, or nothing is left to do. */
    async work(seconds = Infinity, most = 50_000): Promise<void> {
      const until = now().getTime() + seconds * 1000;
      for (let turns = 0; ; turns++) {
        if (turns > most) throw new Error('The queue does not empty.');
        collect();
        const next = wakes[0];
        if (!next || next.at > until) break;
        await turn();
      }
      if (Number.isFinite(until)) proxy.advance(Math.max(0, (until - now().getTime()) / 1000));
    },
    /** All messages are lost. */
    loseMessages(): void {
      collect();
      wakes.splice(0);
    },
    async view(id: string) {
      const stored = await proxy.store.sets.find(id);
      if (!stored) throw new Error('There is no such set.');
      return viewOfSet(stored.set, stored.members);
    },
    underWay: () => proxy.store.rows().filter((check) => !hasEnded(check)),
    open: async (id: string) => (await proxy.store.sets.find(id))?.set.open,
  };
}
