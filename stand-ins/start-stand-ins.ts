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
import { isLoopbackHost } from './server/is-loopback-host.ts';
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
  /** Under which the app is reached. */
  readonly publicUrl: string;
  /** How many times as fast as Azure the simulator is. */
  readonly speed: number;
  readonly log: Log;
  /** Is told at once how to stop each thing that was started. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

const nothing: StandIns = { settings: {}, localRoutes: [] };

/** Starts what no setting names, all at the same time. Throws where anybody could be somebody to what is not local. */
export async function startStandIns(deps: Deps): Promise<StandIns> {
  const { environment } = deps;
  refuseAnybody(environment);
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

/** The local sign-in lets everybody be whom they like: what they reach by it is on this machine. */
function refuseAnybody(environment: Environment): void {
  if (isGiven(environment, 'ENTRA_TENANT_ID')) return;
  const names = Object.keys(environment).filter((name) =>
    /^(?:ARM_ENDPOINT|AzureWebJobsStorage(?:__.*Uri)?)$/.test(name),
  );
  const far = names.filter((name) => isGiven(environment, name) && !isLocal(environment[name] ?? ''));
  if (far.length === 0) return;
  throw new Error(
    `Set ENTRA_TENANT_ID and ENTRA_AUDIENCE beside ${far.join(' and ')}: the local sign-in lets anybody be whom they like, and is for what runs on this machine alone.`,
  );
}

/** A URL on loopback, or a connection string all of whose services are there: one that it does not name is in Azure. */
function isLocal(text: string): boolean {
  const urls = text.match(/https?:\/\/[^;\s]+/gi) ?? [];
  const isOnLoopback = urls.every((url) => URL.canParse(url) && isLoopbackHost(new URL(url).hostname));
  return isOnLoopback && (namesNoService(text) || namesAllServices(text));
}

const namesNoService = (text: string): boolean =>
  /^\s*(?:https?:\/\/[^;\s]+|UseDevelopmentStorage=true;?(?:DevelopmentStorageProxyUri=[^;]*;?)?)\s*$/i.test(text);

const namesAllServices = (text: string): boolean =>
  ['Blob', 'Queue', 'Table'].every((service) =>
    new RegExp(`(?:^|;)\\s*${service}Endpoint\\s*=\\s*http`, 'i').test(text),
  );

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

async function startIssuer({ dataFolder, publicUrl, onStarted }: Deps): Promise<StandIns> {
  // What is no URL is the app's to tell.
  const appOrigin = URL.canParse(publicUrl) ? new URL(publicUrl).origin : '';
  const issuer = await startTokenIssuer({ folder: dataFolder, appOrigin });
  onStarted(() => issuer.stop());
  const { authority, tenantId, audience, clientId } = issuer;
  return {
    settings: {
      ENTRA_AUTHORITY: authority,
      ENTRA_TENANT_ID: tenantId,
      ENTRA_AUDIENCE: audience,
      ENTRA_CLIENT_ID: clientId,
    },
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
