import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { world } from './arm/scenarios/world.ts';
import { keptCertificate } from './certificate/kept-certificate.ts';
import { claimPort } from './server/claim-port.ts';
import type { Log } from './host/log.ts';
import { startHost } from './host/start-host.ts';
import { keptSecret } from './kept/kept-secret.ts';
import { type Environment, isGiven, type LocalSettings, parseLocalSettings } from './local-settings.ts';
import { startStandIns } from './start-stand-ins.ts';
import { captureConsole } from './terminal/capture-console.ts';
import { createTeller } from './terminal/create-teller.ts';
import { openLogFile } from './terminal/open-log-file.ts';
import { printableJson } from './terminal/printable.ts';
import { welcome } from './welcome.ts';

/** As in Azure (`infra/app.bicep`). */
const BODY_LIMIT_BYTES = '524288';

interface Deps {
  /** Holds the built app in `dist`, the sample policy, and `.data`. */
  readonly root: string;
  /** The process's environment: what is missing there is added, for the app reads it. */
  readonly environment: Record<string, string | undefined>;
  readonly print: (text: string) => void;
  /** For what is wrong. */
  readonly warn: (text: string) => void;
  /** Is told at once how to stop each thing that was started; to be stopped in the reverse order. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

/**
 * Starts everything on one machine, and resolves with the app's address when it answers. Throws for a setting that
 * cannot be used, and where the port is taken.
 */
export async function startLocal({ root, environment, print, warn, onStarted }: Deps): Promise<string> {
  const settings = parseLocalSettings(environment);
  const { port, httpsPort } = await claimPorts(settings);
  const url = `http://127.0.0.1:${port}`;
  // Of two that run side by side, each has its own.
  const dataFolder = join(root, '.data', String(settings.port));
  const logFile = openLogFile(join(dataFolder, 'log'), new Date());
  const teller = createTeller({
    print,
    warn,
    now: () => new Date(),
    later: (ms, then) => setTimeout(then, ms).unref(),
  });
  const log: Log = (line) => {
    logFile.write(printableJson({ time: new Date(), ...line }));
    teller.logged(line);
  };
  captureConsole(log);
  const https = httpsPort === undefined ? undefined : await httpsAt(httpsPort, dataFolder);
  const publicUrl = isGiven(environment, 'PUBLIC_URL') ? String(environment['PUBLIC_URL']) : (https?.url ?? url);
  const standIns = await startStandIns({ environment, dataFolder, publicUrl, speed: settings.speed, log, onStarted });
  const policyGiven = isGiven(environment, 'POLICY') || isGiven(environment, 'POLICY_FILE');
  const added = {
    ...standIns.settings,
    ...(!policyGiven && { POLICY_FILE: join(root, 'policy.sample.json') }),
    PUBLIC_URL: publicUrl,
    ...(!isGiven(environment, 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT') && {
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: BODY_LIMIT_BYTES,
    }),
  };
  Object.assign(environment, added);
  const host = await startHost({
    appFolder: join(root, 'dist'),
    port,
    tls: https?.tls,
    log,
    environment,
    localRoutes: standIns.localRoutes,
    onAnswered: (answered) => {
      teller.answered(answered);
    },
    masterKey: settings.masterKey ?? (await keptSecret(dataFolder, 'master-key', () => Promise.resolve(randomUUID()))),
    // What was missed concerns the storage that is kept here; other storage has been swept by others.
    timersFile: 'AzureWebJobsStorage' in standIns.settings ? join(dataFolder, 'timers.json') : undefined,
  });
  onStarted(() => host.stop());
  const logPath = relative(root, logFile.path);
  const trust = https && { url: https.url, certificate: https.tls.file };
  const chats = chatsOf(environment);
  print(
    welcome({ url, https: trust, local: new Set(Object.keys(added)), chats, speed: settings.speed, logPath, world }),
  );
  return url;
}

const chatsOf = (environment: Environment): readonly string[] => [
  ...(isGiven(environment, 'SLACK_TEAM_ID') ? ['Slack'] : []),
  ...(isGiven(environment, 'TEAMS_APP_ID') ? ['Teams'] : []),
];

/** By name, because `localhost` is what clients of https expect on a certificate. */
async function httpsAt(port: number, dataFolder: string) {
  const certificate = await keptCertificate(dataFolder, new Date());
  return { url: `https://localhost:${port}`, tls: { port, ...certificate } };
}

/** At the same time, so that two free ones are two. */
async function claimPorts({ port, httpsPort }: LocalSettings): Promise<Pick<LocalSettings, 'port' | 'httpsPort'>> {
  const claimed = await Promise.all([
    claimPort(port),
    httpsPort === undefined ? undefined : claimPort(httpsPort, 'HTTPS_PORT'),
  ]);
  return { port: claimed[0], httpsPort: claimed[1] };
}
