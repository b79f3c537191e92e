import type { Processes } from '../faults/processes.ts';
import type { Telling, Told } from './chat-side.ts';
import type { Fate } from './fate.ts';

interface RageOptions {
  readonly random: () => number;
  readonly mostKills: number;
  /** Milliseconds after the rage has begun in which no address answers by which Slack is answered. */
  readonly outage: { readonly from: number; readonly to: number };
  /** Whether the address of this deed answers once only. */
  readonly answersOnce: (deed: string) => boolean;
}

export const isByAddress = ({ message }: Pick<Telling, 'message'>): boolean => message.startsWith('/commands/');

/** Some processes end at the worst moment, once for each deed: the chat has done it or is about to, and nobody has noted it. */
const STRUCK = 0.2;
/** Of those, where the chat has done it. */
const DONE = 0.8;
const [FAILS, IS_BUSY, LOSES_ITS_ANSWER] = [0.04, 0.04, 0.1];

/** What goes wrong with what chats are told, and all that they were told. */
export function createRage({ random, mostKills, outage, answersOnce }: RageOptions) {
  const told: Told[] = [];
  const struck = new Set<string>();
  let raging: { readonly processes: Processes; readonly begun: number } | undefined;
  let isAllDown = false;

  const mayKill = (): boolean => raging !== undefined && raging.processes.kills.length < mostKills;

  function strike(deed: string, caller: string): Fate {
    struck.add(deed);
    raging?.processes.kill(caller);
    return random() < DONE ? 'drop' : 'fail';
  }

  function isAddressDown({ deed, message }: Telling): boolean {
    const isSpent = told.some((each) => each.message === message);
    const since = raging ? Date.now() - raging.begun : -1;
    return (since > outage.from && since < outage.to) || (answersOnce(deed) && isSpent);
  }

  function fateIn(processes: Processes, telling: Telling): Fate {
    const { deed, caller, message } = telling;
    if (mayKill() && !struck.has(deed) && processes.isThere(caller) && random() < STRUCK) return strike(deed, caller);
    if (isByAddress(telling)) return undefined;
    const chance = random();
    if (chance < FAILS) return 'fail';
    if (chance < FAILS + IS_BUSY) return 'busy';
    const isLost = message.startsWith('sent-') && chance < FAILS + IS_BUSY + LOSES_ITS_ANSWER && !struck.has(deed);
    if (!isLost) return undefined;
    struck.add(deed);
    return 'drop';
  }

  function fateAt(telling: Telling): Fate {
    if (isAllDown || (isByAddress(telling) && isAddressDown(telling))) return 'fail';
    return raging && fateIn(raging.processes, telling);
  }

  return {
    told,
    fateOf: (telling: Telling): Fate => {
      const at = Date.now();
      const fate = fateAt(telling);
      told.push({ ...telling, at, fate });
      return fate;
    },
    isOn: (): boolean => raging !== undefined,
    mayKill,
    begin(processes: Processes): void {
      raging = { processes, begun: Date.now() };
    },
    end(): void {
      raging = undefined;
    },
    /** Whether no chat takes anything. */
    setAllDown: (isDown: boolean): void => {
      isAllDown = isDown;
    },
  };
}
