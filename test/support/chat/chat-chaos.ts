import { setTimeout as sleep } from 'node:timers/promises';
import type { Decide } from '../faults/fault-proxy.ts';
import { seededRandom } from '../seeded-random.ts';
import { until } from '../until.ts';
import { type ChatFigures, weigh } from './chat-evidence.ts';
import { askers, type ChatFlow, flowsOf, isDone, isEnd, isTeams, lineOf } from './chat-flows.ts';
import { deedOf, type Sent, type Told } from './chat-side.ts';
import { type ChatWorld, startChatWorld } from './chat-world.ts';
import { createRage } from './rage.ts';

export interface ChatChaosOptions {
  /** Connection string of storage that is nobody else's. */
  readonly storage: string;
  /** How often each way to ask is gone. */
  readonly rounds: number;
  readonly processes: number;
  readonly mostKills: number;
  /** Share of all requests to storage that fail, at each of their two ends. */
  readonly storageFaults: number;
  readonly seed: number;
}

export interface ChatChaosReport extends ChatFigures {
  readonly seconds: number;
  readonly breaches: readonly string[];
}

/** A lease is over in 9 s. What waits in the queue waits in our time. */
const CLOCK_SPEED = 10;
/** Seconds that each process reads more on its clock than it is. */
const CLOCKS = [0, 2, -2];
/** For ten minutes of the processes'. */
const OUTAGE = { from: 8_000, to: 8_000 + 600_000 / CLOCK_SPEED };
const SWEEP_MILLISECONDS = 2000;
const GAP_MILLISECONDS = 1500;
const HALF_AN_HOUR_SECONDS = 1800;

type Rage = ReturnType<typeof createRage>;

/**
 * People ask in Slack and in Teams, and click on what they are told, while processes are killed, chats fail and addresses
 * do not answer. Then one whom nothing reaches for half an hour.
 */
export async function runChatChaos(options: ChatChaosOptions): Promise<ChatChaosReport> {
  const begun = Date.now();
  const random = seededRandom(options.seed);
  const flows = flowsOf(options.rounds);
  const answersOnce = new Set(flows.filter(({ way }) => way === 'breaks').map((flow) => deedOf('line', flow)));
  const { mostKills, storage } = options;
  const rage = createRage({ random, mostKills, outage: OUTAGE, answersOnce: (deed) => answersOnce.has(deed) });
  const decide = seldom(options.storageFaults, random, () => rage.isOn());
  const { fateOf } = rage;
  const world = await startChatWorld({
    ...{ storage, random, flows, fateOf, decide },
    ...{ clockSpeed: CLOCK_SPEED, clocks: CLOCKS },
  });
  try {
    const processes = await world.startProcesses(options.processes);
    await Promise.all(askers.flatMap((user, place) => linkEverywhere(world, user, place)));
    rage.begin(processes);
    await whileKilled(world, rage, random, async () => {
      await Promise.all(flows.map((flow) => go(world, rage, flow)));
      await until('every request to be over', 60, async () =>
        (await world.rows()).every(({ state }) => state === 'over'),
      );
    });
    rage.end();
    const { kills } = processes;
    const { figures, breaches } = weigh({ flows, kills, told: rage.told, stored: await world.state() });
    const more = [...(await seenByOthers(world, flows)), ...(await reachedLate(world, rage))];
    return { ...figures, seconds: (Date.now() - begun) / 1000, breaches: [...breaches, ...more] };
  } finally {
    await world.stop();
  }
}

/** Breaks a request to storage now and then, before or after it is done; each operation once. */
function seldom(share: number, random: () => number, isOn: () => boolean): Decide {
  const hit = new Set<string>();
  return ({ service, tryOf }, stage) => {
    if (!isOn() || service === 'arm' || hit.has(tryOf) || random() >= share) return undefined;
    hit.add(tryOf);
    return stage === 'after' || random() < 0.5 ? { kind: 'drop' } : { kind: 'answer', status: 503 };
  };
}

const linkEverywhere = (world: ChatWorld, user: string, place: number) => [
  world.link(world.slack, { user, number: 210 + place }),
  world.link(world.teams, { user, number: 220 + place }),
];

/** Does it while processes are killed and the sweeper is woken. */
async function whileKilled(world: ChatWorld, rage: Rage, random: () => number, work: () => Promise<void>) {
  let isOver = false;
  const over = (): boolean => isOver;
  const killing = async (): Promise<void> => {
    while (!over()) {
      await sleep(2000 + random() * 5000);
      const name = world.processes().any();
      if (!over() && rage.mayKill() && name !== undefined) world.processes().kill(name);
    }
  };
  const sweeping = async (): Promise<void> => {
    while (!over()) {
      await world.sweep();
      await sleep(SWEEP_MILLISECONDS);
    }
  };
  const working = work().finally(() => {
    isOver = true;
  });
  const works = [working, killing(), sweeping()];
  await Promise.allSettled(works);
  await Promise.all(works);
}

/** One flow: a line, and a click on its end, both of which the chat sends more than once. */
async function go(world: ChatWorld, { told }: Rage, flow: ChatFlow): Promise<void> {
  await sleep(flow.number * GAP_MILLISECONDS);
  const side = isTeams(flow) ? world.teams : world.slack;
  await world.take(`line ${flow.number}`, side.ask(flow, lineOf(flow)), flow.number % 2);
  const end = await endOf(told, deedOf('line', flow));
  let click: Sent | undefined;
  await until(`a button for ${flow.number}`, 30, async () => (click = await end.click(flow.next)) !== undefined);
  if (click) await world.take(`the click of ${flow.number}`, click, 3);
  await endOf(told, deedOf(flow.next, flow));
}

async function endOf(told: readonly Told[], deed: string): Promise<Told> {
  const find = (): Told | undefined => told.find((each) => each.deed === deed && isDone(each) && isEnd(each));
  await until(`the end of ${deed} to be told`, 100, () => find() !== undefined);
  const end = find();
  if (!end) throw new Error(`The end of ${deed} is gone.`);
  return end;
}

/** In a channel of Teams its asker sees the answer behind the card for all, and nobody else. */
async function seenByOthers({ teams }: ChatWorld, flows: readonly ChatFlow[]): Promise<readonly string[]> {
  const breaches: string[] = [];
  for (const flow of flows.filter(({ way }) => way === 'channel')) {
    const deed = deedOf('line', flow);
    for (const user of askers) {
      const isSeen = (await teams.seenIn(deed, user, flow)).includes('Unreachable');
      if (isSeen !== (user === flow.user)) breaches.push(`${user} sees ${isSeen ? 'the' : 'no'} answer of ${deed}.`);
    }
  }
  return breaches;
}

/** Whom nothing reaches is told once their chat is there again, without the address, which was not kept that long. */
async function reachedLate(world: ChatWorld, { told, setAllDown }: Rage): Promise<readonly string[]> {
  const flow = { number: 200, user: 'alice' };
  const deed = deedOf('line', flow);
  setAllDown(true);
  await world.take(deed, world.slack.ask(flow, lineOf(flow)));
  const addresses = async () => (await world.rows()).filter(({ answerUrl }) => answerUrl !== undefined).length;
  await until(
    'the address to be kept, and tried',
    30,
    async () => told.some((each) => each.deed === deed) && (await addresses()) === 1,
  );
  await world.startProcesses(1, HALF_AN_HOUR_SECONDS);
  await until('the address to be gone', 30, async () => {
    await world.sweep();
    await sleep(SWEEP_MILLISECONDS / 4);
    return (await addresses()) === 0;
  });
  setAllDown(false);
  const later = told.length;
  await until('the last to be told', 60, async () => {
    await world.sweep();
    await sleep(SWEEP_MILLISECONDS);
    return (await world.rows()).every(({ state }) => state === 'over');
  });
  const news = told.slice(later);
  const isTold = news.some((each) => each.deed === deed && isDone(each) && isEnd(each));
  return isTold && news.every(({ to }) => to === 'Ualice' || to === 'Dalice') ? [] : [`${deed} was not told its end.`];
}
