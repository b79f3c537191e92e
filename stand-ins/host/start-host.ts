import { randomUUID } from 'node:crypto';
import { createInvoke, programmingModel, runHooks } from './create-invoke.ts';
import { createListeners } from './create-listeners.ts';
import { createFunctionsCore, type Registrations } from './functions-core.ts';
import { readHostJson } from './host-json.ts';
import { readHostedFunctions } from './hosted-function.ts';
import { createHttpRoutes } from './http/http-routes.ts';
import { createHttpServer, type LocalRoute } from './http/http-server.ts';
import type { Listener } from './listener.ts';
import { loadApp } from './load-app.ts';
import { errorText, type Log } from './log.ts';
import type { Environment } from './queue/open-queue-service.ts';
import { pause } from './pause.ts';

const defaultLimits = {
  /** Azure's front end waits no longer for an answer. */
  answerWithinMs: 230_000,
  maxBodyBytes: 100 * 1024 * 1024,
  /** How long a message under way is hidden from others; renewed at half time. */
  invisibleSeconds: 600,
  /** The shortest wait before an empty queue is asked again. */
  firstPollMs: 100,
  /** How long `stop` waits for what is running. */
  stopWithinMs: 10_000,
};

export interface HostOptions {
  /** Holds host.json, package.json and the CommonJS entry that its `main` names. */
  readonly appFolder: string;
  /** On loopback; 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  /** Asked first, in order, for paths under `/.local/`. */
  readonly localRoutes?: readonly LocalRoute[];
  /** Where bindings find their settings. */
  readonly environment?: Environment;
  readonly limits?: Partial<typeof defaultLimits>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: () => number;
  readonly newId?: () => string;
}

export interface RunningHost {
  readonly url: string;
  /** Takes no new work, waits a while for what is running, and leaves no timer and no connection. */
  stop(): Promise<void>;
}

/**
 * Runs a built function app on this machine as the Functions host runs it in Azure. Throws what the app throws while
 * it is loaded, for a binding that this host does not run, and where the port is taken (`EADDRINUSE`).
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const { appFolder, log, environment = process.env, now = Date.now, random = Math.random } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const { routePrefix, queues } = readHostJson(appFolder);
  const registrations = await load(appFolder, log);
  const functions = readHostedFunctions(registrations);
  const invoke = createInvoke({ registrations, log, now, newId: options.newId ?? randomUUID });
  const closed = new AbortController();
  const shared = { ...limits, invoke, log, now, random, environment, closed: closed.signal };
  const listeners = await createListeners({ ...shared, settings: queues }, functions);
  const findRoute = createHttpRoutes(functions, routePrefix);
  const localRoutes = options.localRoutes ?? [];
  const http = createHttpServer({ findRoute, manual: listeners, localRoutes, invoke, limits, log });
  const port = await http.listen(options.port);
  for (const listener of listeners) listener.start();

  const stop = async () => {
    await settle([http, ...listeners], registrations, { log, withinMs: limits.stopWithinMs });
    closed.abort();
    await http.close();
  };
  let stopped: Promise<void> | undefined;
  return { url: `http://127.0.0.1:${port}`, stop: () => (stopped ??= stop()) };
}

async function load(appFolder: string, log: Log): Promise<Registrations> {
  const { core, registrations } = createFunctionsCore(log);
  loadApp(appFolder, core);
  // The worker asks this once; from then on the app's set-up cannot change.
  const capabilities = await programmingModel(registrations).getCapabilities?.({});
  if (capabilities?.HttpUri) throw new Error('The local host has no HTTP streams: leave enableHttpStream out.');
  const { appHookData } = registrations;
  await runHooks(registrations, 'appStart', { hookData: {}, appHookData, functionAppDirectory: appFolder });
  return registrations;
}

async function settle(
  parts: readonly Pick<Listener, 'stop'>[],
  registrations: Registrations,
  { log, withinMs }: { log: Log; withinMs: number },
): Promise<void> {
  const { appHookData } = registrations;
  const ended = new AbortController();
  const work = Promise.all(parts.map((part) => part.stop()))
    .then(() => runHooks(registrations, 'appTerminate', { hookData: {}, appHookData }))
    .catch((error: unknown) => {
      log({ level: 'error', message: 'The app could not be ended in order.', error: errorText(error) });
    })
    .finally(() => {
      ended.abort();
    });
  await Promise.race([work, pause(withinMs, ended.signal)]);
  if (!ended.signal.aborted) {
    log({
      level: 'warning',
      message: `Functions were still running after ${withinMs / 1000} s: they are left behind.`,
    });
  }
}
