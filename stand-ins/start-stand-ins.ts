import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startArmSimulator } from './arm/start-arm-simulator.ts';
import { auditSigningKey } from './kept/audit-signing-key.ts';
import { startAzurite } from './storage/azurite.ts';
import type { LocalRoute } from './host/http/http-server.ts';
import type { Log } from './host/log.ts';
import { startIdentityEndpoint } from './identity/identity-endpoint.ts';
import { keptPort } from './kept/kept-port.ts';
import { keptSecret } from './kept/kept-secret.ts';
import { isGiven, type Environment } from './local-settings.ts';
import { startTokenIssuer } from './entra/token-issuer.ts';

/** What stands in for Azure where no setting names the real thing. */
export interface StandIns {
  /** Settings by which the app finds what was started, and only that. */
  readonly settings: Readonly<Record<string, string>>;
  readonly localRoutes: readonly LocalRoute[];
}

interface Deps {
  readonly environment: Environment;
  /** Keeps what is to outlive a restart. */
  readonly dataFolder: string;
  /** How many times as fast as Azure the simulator is. */
  readonly speed: number;
  readonly log: Log;
  /** Is told at once how to stop each thing that was started. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

const nothing: StandIns = { settings: {}, localRoutes: [] };

/** Starts what no setting names, all at the same time. */
export async function startStandIns(deps: Deps): Promise<StandIns> {
  const { environment } = deps;
  const [storage, azure, issuer, audit, callbacks] = await Promise.all([
    isStorageGiven(environment) ? nothing : startStorage(deps),
    startAzure(deps),
    isAnyGiven(environment, ['ENTRA_TENANT_ID', 'ENTRA_AUDIENCE', 'ENTRA_AUTHORITY']) ? nothing : startIssuer(deps),
    isGiven(environment, 'AUDIT_SIGNING_KEY') ? nothing : keepSigningKey(deps),
    isGiven(environment, 'CALLBACK_SECRET') ? nothing : keepCallbackSecret(deps),
  ]);
  return {
    settings: { ...storage.settings, ...azure.settings, ...issuer.settings, ...audit.settings, ...callbacks.settings },
    localRoutes: issuer.localRoutes,
  };
}

/** Half of what belongs together is somebody's mistake: nothing stands in for it, and the app says what is missing. */
const isAnyGiven = (environment: Environment, names: readonly string[]): boolean =>
  names.some((name) => isGiven(environment, name));

/** A connection string, or a part of an identity's connection. */
function isStorageGiven(environment: Environment): boolean {
  const names = Object.keys(environment).filter((name) => /^AzureWebJobsStorage(?:__|$)/.test(name));
  return names.some((name) => isGiven(environment, name));
}

async function startStorage({ dataFolder, log, onStarted }: Deps): Promise<StandIns> {
  const onOutput = (text: string) => {
    log({ level: 'information', message: `Azurite: ${text}` });
  };
  const azurite = await startAzurite({ folder: join(dataFolder, 'azurite'), onOutput });
  onStarted(() => azurite.stop());
  return { ...nothing, settings: { AzureWebJobsStorage: azurite.connectionString } };
}

async function startAzure({ environment, dataFolder, speed, log, onStarted }: Deps): Promise<StandIns> {
  const identity = isAnyGiven(environment, ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'])
    ? undefined
    : await startIdentityEndpoint();
  if (identity) onStarted(() => identity.stop());
  // Nobody here can tell whether another endpoint's tokens are good.
  const accepts = (token: string) => identity?.issued(token) ?? true;
  const arm = isGiven(environment, 'ARM_ENDPOINT')
    ? undefined
    : await startArmSimulator({ accepts, speed, ...(await keptPlace(dataFolder, log)) });
  if (arm) onStarted(() => arm.stop());
  const settings = {
    ...(identity && { IDENTITY_ENDPOINT: identity.endpoint, IDENTITY_HEADER: identity.header }),
    ...(arm && { ARM_ENDPOINT: arm.url }),
  };
  return { ...nothing, settings };
}

/** Where the simulator was before, and what it signs with: the operations that it began are polled there after a restart. */
async function keptPlace(dataFolder: string, log: Log): Promise<{ port: number; key: string }> {
  const { port, lost } = await keptPort(join(dataFolder, 'simulator-port'));
  if (lost !== undefined) {
    const message = `Port ${lost}, at which the simulator was, is not free: it is at ${port} now, and checks that ran there before cannot be followed.`;
    log({ level: 'warning', message });
  }
  const makeKey = () => Promise.resolve(randomBytes(32).toString('hex'));
  return { port, key: await keptSecret(dataFolder, 'simulator-key', makeKey) };
}

async function startIssuer({ dataFolder, onStarted }: Deps): Promise<StandIns> {
  const issuer = await startTokenIssuer({ folder: dataFolder });
  onStarted(() => issuer.stop());
  const { authority, tenantId, audience } = issuer;
  return {
    settings: { ENTRA_AUTHORITY: authority, ENTRA_TENANT_ID: tenantId, ENTRA_AUDIENCE: audience },
    localRoutes: [(request, response, url) => issuer.route(request, response, url)],
  };
}

async function keepSigningKey({ dataFolder }: Deps): Promise<StandIns> {
  return { ...nothing, settings: { AUDIT_SIGNING_KEY: await auditSigningKey(dataFolder) } };
}

/** `npm run callback-key` reads it there. */
async function keepCallbackSecret({ dataFolder }: Deps): Promise<StandIns> {
  const make = () => Promise.resolve(`whsec_${randomBytes(32).toString('base64')}`);
  return { ...nothing, settings: { CALLBACK_SECRET: await keptSecret(dataFolder, 'callback-secret', make) } };
}
