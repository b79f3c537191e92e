import type { AuditEvent } from '../../src/audit/event.ts';
import { type CheckView, checkViewSchema } from '../../src/contract/check.ts';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { type App, startApp } from '../support/app/start-app.ts';
import { allEvents } from '../support/faults/stored-state.ts';
import { startTestAzure } from '../support/azure/test-azure.ts';
import { until } from '../support/until.ts';
import { isOfCheckpoints, storedTexts } from './stored-texts.ts';
import { ownAccount } from '../support/run/own-account.ts';

/** A request to the proxy; by default alice's GET with the role to ask for checks. */
export interface Asking {
  readonly method?: string;
  readonly user?: string;
  readonly roles?: readonly string[];
  readonly claims?: object;
  /** Sent as JSON; a text or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of a good token; null sends none. */
  readonly token?: string | null;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body where it is JSON. */
  readonly json: unknown;
}

interface Options {
  /** As the simulator's; `Infinity` by default. */
  readonly speed?: number;
  /** As the simulator's. */
  readonly resourceGraph?: boolean;
  /** Over those of the test's own Azure. */
  readonly settings?: Readonly<Record<string, string>>;
}

export const allowAll = { id: 'all', effect: 'allow' };

/** A check that the simulator answers with Reachable. */
export const goodCheck = {
  source: { resourceId: resources.web1.id },
  destination: { address: resources.sql.address, port: 1433 },
  protocol: 'Tcp',
};

/** The built app under these rules, and all that a test needs to attack it and to look into what it left behind. */
export async function startProxy(rules: readonly object[], { settings = {}, ...options }: Options = {}) {
  const azure = await startTestAzure(ownAccount(), options);
  const start = (now: readonly object[], more: Readonly<Record<string, string>>): Promise<App> =>
    startApp({ ...azure.settings, POLICY: JSON.stringify({ version: 1, rules: now }), ...settings, ...more });
  const apps = [await start(rules, {})];
  const app = (): App => apps.at(-1)!;

  async function ask(path: string, asking: Asking = {}): Promise<Answered> {
    const { method = 'GET', user = 'alice', roles, claims, body, headers, token } = asking;
    const bearer = token === undefined ? await azure.token(user, roles, claims) : token;
    const response = await fetch(`${app().url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: toBody(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }

  return {
    azure,
    app,
    ask,
    submit: (body: unknown, asking: Asking = {}) => ask('/api/checks', { ...asking, method: 'POST', body }),
    /** The check, as soon as it has ended. */
    async ended(id: string, asking: Asking = {}): Promise<CheckView> {
      for (;;) {
        const view = checkViewSchema.parse(
          (await ask(`/api/checks/${id}`, { ...asking, headers: { prefer: 'wait=60' } })).json,
        );
        if (view.status !== 'NotStarted' && view.status !== 'Running') return view;
      }
    },
    stored: () => storedTexts(azure.connectionString),
    /** What is stored because of requests: checkpoints come by the clock, whether anything was asked or not. */
    kept: async () => (await storedTexts(azure.connectionString)).filter((text) => !isOfCheckpoints(text)),
    /** Every audit event in storage, oldest first. */
    events: (): Promise<AuditEvent[]> => allEvents(azure.connectionString),
    /** Makes a checkpoint, as a timer does every five minutes. */
    async seal(): Promise<void> {
      await until('a checkpoint', 30, async () => {
        await app().runByHand('sealAudit');
        return (await storedTexts(azure.connectionString)).some(({ place }) => place.startsWith('blob audit'));
      });
    },
    /** Lines of every app that ran here. */
    log: (): string[] => apps.flatMap(({ log }) => log),
    /** Ends the app and starts it with other rules and settings on the same Azure. */
    async restart(now: readonly object[], more: Readonly<Record<string, string>> = {}): Promise<void> {
      await app().stop();
      apps.push(await start(now, more));
    },
    async stop(): Promise<void> {
      await app().stop();
      await azure.stop();
    },
  };
}

export type Proxy = Awaited<ReturnType<typeof startProxy>>;

/** The id of the check that was accepted. */
export function idOf({ status, text }: Answered): string {
  if (status !== 202) throw new Error(`It was not accepted: ${status} ${text}`);
  return checkViewSchema.parse(JSON.parse(text)).id;
}

function toBody(body: unknown): string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}
