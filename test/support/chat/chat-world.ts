import { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { callerArguments } from '../faults/caller-arguments.ts';
import type { Decide } from '../faults/fault-proxy.ts';
import { startFaultyAzure } from '../faults/faulty-azure.ts';
import { type Processes, startProcesses } from '../faults/processes.ts';
import { until } from '../until.ts';
import type { ChatFlow } from './chat-flows.ts';
import type { ChatSide, Flow, Sent, Telling } from './chat-side.ts';
import type { Fate } from './fate.ts';
import { startSlackSide } from './slack-side.ts';
import { startTeamsSide } from './teams-side.ts';

interface WorldOptions {
  readonly storage: string;
  readonly random: () => number;
  readonly flows: readonly ChatFlow[];
  readonly fateOf: (telling: Telling) => Fate;
  /** What becomes of requests to storage. */
  readonly decide: Decide;
  /** How much faster than ours the clocks of the processes run. */
  readonly clockSpeed: number;
  /** How much later than it is, for each of the processes. */
  readonly clocks: readonly number[];
}

// Longer than any run, by the processes' clocks.
const DAY_SECONDS = 86_400;

/** Slack, Teams, Azure, and processes of the app between them. Any process takes what a chat sends. */
export async function startChatWorld({ storage, random, flows, fateOf, decide, clockSpeed, clocks }: WorldOptions) {
  const begun = Date.now();
  const now = (): Date => new Date(begun + (Date.now() - begun) * clockSpeed);
  const azure = await startFaultyAzure(storage, { speed: 40 });
  const { tenantId } = azure.azure.entra;
  let processes: Processes | undefined;

  /** What an app answers; `undefined` where it is not there, dies meanwhile, or does not take it. */
  async function send({ path, body, headers }: Sent): Promise<string | undefined> {
    const url = processes?.anyApp()?.url;
    if (url === undefined) return undefined;
    try {
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers: await headers(), body });
      const text = await answer.text();
      return answer.ok ? text : undefined;
    } catch {
      return undefined;
    }
  }

  const wayOf = ({ number }: Flow): ChatFlow['way'] | undefined => flows[number]?.way;
  const slack = await startSlackSide({ now, fateOf }, (flow) => {
    const way = wayOf(flow);
    return way === 'direct' || way === 'mention' ? way : 'command';
  });
  const teams = await startTeamsSide({ now, fateOf, tenantId, send }, (flow) =>
    wayOf(flow) === 'channel' ? 'channel' : 'personal',
  );

  const start = (name: string, place: number, laterSeconds: number) =>
    azure.start({
      decide,
      clock: { since: begun, speed: clockSpeed, shiftSeconds: (clocks[place] ?? 0) + laterSeconds },
      settings: {
        ...{ ...slack.settings, ...teams.settings },
        ...{ CHECK_DEADLINE_SECONDS: '999999', QUEUE_DEADLINE_SECONDS: '999999' },
      },
      nodeArguments: callerArguments(name),
    });

  /** As somebody who asks until it is taken, and then once more: with one id, so that it is one request. */
  async function take(what: string, sent: Sent, repeats = 0): Promise<void> {
    await until(`${what} to be accepted`, 60, async () => (await send(sent)) !== undefined);
    for (let repeat = 0; repeat < repeats; repeat++) await send(sent);
  }

  return {
    ...{ slack, teams, tenantId, take },
    state: () => azure.state(),
    processes: (): Processes => {
      if (!processes) throw new Error('Nothing was started.');
      return processes;
    },

    /** Processes in place of those that there are, by whose clocks it is so much later. */
    async startProcesses(count: number, laterSeconds = 0): Promise<Processes> {
      await processes?.end();
      processes = await startProcesses(count, (name, place) => start(name, place, laterSeconds), random);
      return processes;
    },

    /** Binds the account of a flow's asker to the person of that name. */
    async link(side: ChatSide, flow: Flow): Promise<void> {
      const { user } = flow;
      await take('a link', side.ask(flow, 'link'));
      let code: string | undefined;
      await until(`the link of ${user}`, 30, () => (code = side.linkCode(flow)) !== undefined);
      const exp = Math.floor(Date.now() / 1000) + DAY_SECONDS;
      const token = await azure.azure.token(user, ['Check.Request'], { upn: `${user}@contoso.example`, exp });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ code });
      await take(`the link of ${user}`, { path: '/api/chat/links', body, headers: () => Promise.resolve(headers) });
    },

    /** Wakes the sweeper of any process; one may die while it is asked. */
    sweep: async (): Promise<void> => {
      await processes
        ?.anyApp()
        ?.sweep()
        .catch(() => undefined);
    },

    rows: () => rowsIn(azure.connectionString),

    async stop(): Promise<void> {
      await processes?.end();
      await Promise.all([azure.stop(), slack.stop(), teams.stop()]);
    },
  };
}

export type ChatWorld = Awaited<ReturnType<typeof startChatWorld>>;

const rowSchema = z.object({ request: z.string(), answerUrl: z.string().optional() });
const requestSchema = z.object({ state: z.string() });

/** The chat requests that are kept. */
async function rowsIn(connectionString: string) {
  const table = TableClient.fromConnectionString(connectionString, 'chats', { allowInsecureConnection: true });
  const rows = [];
  for await (const entity of table.listEntities()) {
    const row = rowSchema.safeParse(entity).data;
    if (row) rows.push({ answerUrl: row.answerUrl, ...requestSchema.parse(JSON.parse(row.request)) });
  }
  return rows;
}
