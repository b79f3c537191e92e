import { randomUUID } from 'node:crypto';
import { createInvoke } from './create-invoke.ts';
import { createListeners } from './create-listeners.ts';
import { createFunctionsCore } from './functions-core.ts';
import { readHostJson } from './host-json.ts';
import { readHostedFunctions } from './hosted-function.ts';
import type { Answered } from './http/answer-by-function.ts';
import { createHttpRoutes } from './http/http-routes.ts';
import { createHttpServer, type LocalRoute, type TlsOptions } from './http/http-server.ts';
import type { Listener } from './listener.ts';
import { loadApp } from './load-app.ts';
import { errorText, type Log } from './log.ts';
import type { Environment } from './queue/open-queue-service.ts';
import { pause } from './pause.ts';
import { createTimerMonitor } from './timer-monitor.ts';

const defaultLimits = {
  /** Azure's front end waits no longer for an answer. */
  answerWithinMs: 230_000,
  /** How long a message under way is hidden from others; renewed at half time. */
  invisibleSeconds: 600,
  /** The shortest wait before an empty queue is asked again. */
  firstPollMs: 100,
  /** How long `stop` waits for what is running. */
  stopWithinMs: 10_000,
};

/** The Functions host's own limit of a body, where no setting gives one. */
const MAX_BODY_BYTES = 100 * 1024 * 1024;

export interface HostOptions {
  /** Holds host.json, package.json and the CommonJS entry that its `main` names. */
  readonly appFolder: string;
  /** On loopback; 0 takes a free one. */
  readonly port: number;
  /** On loopback too, by https. */
  readonly tls?: TlsOptions | undefined;
  readonly log: Log;
  /** Opens the host's own paths; without one they are shut. */
  readonly masterKey?: string | undefined;
  /** Is told of each answer that a function gave. */
  readonly onAnswered?: (answered: Answered) => void;
  /** Asked first, in order, for paths under `/.local/`. */
  readonly localRoutes?: readonly LocalRoute[];
  /** Where bindings find their settings, and the host its own. */
  readonly environment?: Environment;
  /** Keeps when the timers ran; without it, no start makes up for what was missed before. */
  readonly timersFile?: string | undefined;
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
 * Runs a built function app on this machine as the Functions host runs it in Azure, as far as the app uses it. Throws
 * what the app throws while it is loaded, for what this host does not run, and where the port is taken (`EADDRINUSE`).
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const { appFolder, log, environment = process.env, now = Date.now, random = Math.random } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const hostJson = readHostJson(appFolder);
  const { core, registrations } = createFunctionsCore(log);
  loadApp(appFolder, core);
  const functions = readHostedFunctions(registrations);
  const { model } = registrations;
  if (!model) throw new Error('The app registered no function with @azure/functions.');
  // The worker asks this once; from then on the app's set-up cannot change.
  const capabilities = await model.getCapabilities?.({});
  if (capabilities?.HttpUri) throw new Error('The local host has no HTTP streams: leave enableHttpStream out.');

  const invoke = createInvoke({ model, log, now, newId: options.newId ?? randomUUID });
  const closed = new AbortController();
  const monitor = createTimerMonitor(options.timersFile);
  const shared = { ...limits, invoke, log, now, random, environment, hostJson, monitor, closed: closed.signal };
  const listeners = await createListeners(shared, functions);
  const http = createHttpServer({
    findRoute: createHttpRoutes(functions, hostJson.routePrefix),
    listeners,
    masterKey: options.masterKey,
    localRoutes: options.localRoutes ?? [],
    onAnswered: options.onAnswered ?? (() => undefined),
    invoke,
    limits: { ...limits, maxBodyBytes: bodyLimitOf(environment) },
    tls: options.tls,
    log,
  });
  const port = await http.listen(options.port);
  for (const listener of listeners) listener.start();

  const stop = async () => {
    await settle([http, ...listeners], { log, withinMs: limits.stopWithinMs });
    closed.abort();
    await http.close();
  };
  let stopped: Promise<void> | undefined;
  return { url: `http://127.0.0.1:${port}`, stop: () => (stopped ??= stop()) };
}

function bodyLimitOf({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: given }: Environment): number {
  const bytes = Number(given?.trim() || MAX_BODY_BYTES);
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new Error('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a whole number of bytes above 0.');
}

async function settle(
  parts: readonly Pick<Listener, 'stop'>[],
  { log, withinMs }: { log: Log; withinMs: number },
): Promise<void> {
  const ended = new AbortController();
  const work = Promise.all(parts.map((part) => part.stop()))
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
