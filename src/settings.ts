import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isLoopback } from './address/is-loopback.ts';
import { parseSigningKey, type SigningKey } from './audit/checkpoint/signing-key.ts';
import { isPlainHttp } from './policy/callback/callback-rule.ts';
import { type Policy, parsePolicy } from './policy/policy.ts';
import type { SlackSettings } from './slack/slack-settings.ts';
import type { StorageSettings } from './storage/table/connect.ts';
import { connectionStringAddresses } from './storage/table/connection-string-addresses.ts';
import type { TeamsSettings } from './teams/teams-settings.ts';
import { parseCallbackSecrets } from './webhook/callback-secret.ts';

export interface Settings {
  readonly storage: StorageSettings;
  readonly armEndpoint: URL;
  /** Client id of the user-assigned managed identity; absent: the system-assigned one. */
  readonly clientId?: string | undefined;
  readonly entra: {
    readonly tenantId: string;
    readonly audiences: readonly string[];
    readonly authority: string;
    /** Of the public client through which people sign in; absent: the proxy's own clients cannot sign anybody in. */
    readonly clientId?: string | undefined;
  };
  readonly policy: Policy;
  /** What the policy's authors should look at; it holds all the same. */
  readonly policyWarnings: readonly string[];
  /** Base of every link, without a slash at its end. */
  readonly publicUrl: string;
  readonly queueDeadlineSeconds: number;
  readonly checkDeadlineSeconds: number;
  /** How long members of a set may wait for their turn. */
  readonly setDeadlineSeconds: number;
  readonly paused: boolean;
  /** What the operators say of a pause. */
  readonly pausedReason?: string | undefined;
  /** Signs the audit's checkpoints. */
  readonly signingKey: SigningKey;
  /** Keys that sign callbacks are made of them, the newest first; none where the policy has no callbacks. */
  readonly callbackSecrets: readonly Buffer[];
  /** Absent: nobody asks from Slack. */
  readonly slack?: SlackSettings | undefined;
  /** Absent: nobody asks from Teams. */
  readonly teams?: TeamsSettings | undefined;
  /** For how many days a chat account acts for a person who has linked it. */
  readonly chatLinkDays: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** https, or http where nothing leaves the machine. */
const safeUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  if (url && safe && url.username === '' && url.password === '' && url.search === '' && url.hash === '') return url;
  context.addIssue({
    code: 'custom',
    message: 'give an https URL (http on loopback only) without user, query and fragment',
  });
  return z.NEVER;
});

const seconds = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'give whole seconds, 1–999999')
    .transform(Number)
    .default(fallback);

/** Whatever has the form: Azure's ids need not be UUIDs of a version, which `z.uuid()` demands. */
const guid = (what: string) => z.guid({ error: `give ${what}, a GUID` }).transform((id) => id.toLowerCase());

const plainSchema = z.object({
  ARM_ENDPOINT: safeUrl.prefault('https://management.azure.com'),
  AZURE_CLIENT_ID: guid('the client id of the managed identity').optional(),
  ENTRA_TENANT_ID: z.string({ error: 'give the tenant whose tokens are accepted' }).pipe(guid('the tenant id')),
  ENTRA_AUDIENCE: z
    .string({ error: 'give the audience of accepted tokens; several are separated by commas' })
    .transform((list) => list.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])))
    .refine((list) => list.length > 0, 'give at least one audience'),
  ENTRA_AUTHORITY: safeUrl.prefault('https://login.microsoftonline.com'),
  ENTRA_CLIENT_ID: guid('the client id through which people sign in').optional(),
  QUEUE_DEADLINE_SECONDS: seconds(3600),
  CHECK_DEADLINE_SECONDS: seconds(600),
  SET_DEADLINE_SECONDS: seconds(86_400),
  CHAT_LINK_DAYS: z
    .string()
    .regex(/^(?:[1-9]|[12]\d|30)$/, 'give whole days, 1–30')
    .transform(Number)
    .default(7),
  SLACK_API_URL: safeUrl.prefault('https://slack.com/api'),
  PAUSED: z.enum(['true', 'false'], { error: 'give true or false' }).default('false'),
  PAUSED_REASON: z
    .string()
    .trim()
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,300}$/u, 'write 1 to 300 visible characters, on one line')
    .optional(),
});

const host = /^(?:\[[\da-f:.]+\]|[\da-z-]+(?:\.[\da-z-]+)*)(?::\d{1,5})?$/;

const teamsSchema = z.object({
  TEAMS_APP_ID: z
    .string({ error: 'give the app id of the bot, without which the other settings of Teams mean nothing' })
    .pipe(guid('the app id of the bot')),
  TEAMS_OPENID_METADATA: safeUrl.prefault('https://login.botframework.com/v1/.well-known/openidconfiguration'),
  TEAMS_SERVICE_HOSTS: z
    .string()
    .toLowerCase()
    .transform((list) => list.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])))
    .refine((hosts) => hosts.length > 0 && hosts.every((each) => host.test(each)), {
      error: 'give host or host:port, several by commas, without a scheme, a path or a pattern',
    })
    .prefault('smba.trafficmanager.net'),
  TEAMS_TOKEN_URL: safeUrl.optional(),
  TEAMS_APP_SECRET: z.string().optional(),
});

type Part<T> =
  | { readonly value: T; readonly faults: readonly [] }
  | { readonly value: undefined; readonly faults: readonly string[] };

const good = <T>(value: T): Part<T> => ({ value, faults: [] });
const bad = (...faults: string[]): { value: undefined; faults: string[] } => ({ value: undefined, faults });

/** Reads the environment once. Throws one error that names every fault together. */
export function parseSettings(given: Environment): Settings {
  const environment = withoutEmpty(given);
  const plain = parsePlain(environment);
  const [storage, policy, publicUrl, signingKey] = [
    parseStorage(environment),
    readPolicy(environment),
    parsePublicUrl(environment),
    readSigningKey(environment),
  ];
  const callbackSecrets = readCallbackSecrets(environment, policy.value?.policy);
  const slack = readSlack(environment, plain.value);
  const teams = readTeams(environment);
  const resolved = readReferences(environment);
  const parts = [resolved, plain, storage, policy, publicUrl, signingKey, callbackSecrets, slack, teams] as const;
  if (
    !resolved.value ||
    !plain.value ||
    !storage.value ||
    !policy.value ||
    !publicUrl.value ||
    !signingKey.value ||
    !callbackSecrets.value ||
    !slack.value ||
    !teams.value
  ) {
    const faults = parts.flatMap((part) => part.faults);
    throw new Error(`The settings are not usable:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
  }
  const { ENTRA_TENANT_ID: tenantId, ENTRA_AUDIENCE: audiences, ENTRA_AUTHORITY: authority } = plain.value;
  return {
    storage: storage.value,
    armEndpoint: plain.value.ARM_ENDPOINT,
    clientId: plain.value.AZURE_CLIENT_ID,
    entra: { tenantId, audiences, authority: withoutSlash(authority), clientId: plain.value.ENTRA_CLIENT_ID },
    policy: withLocalCallbacks(policy.value.policy, isLoopback(new URL(publicUrl.value))),
    policyWarnings: policy.value.warnings,
    publicUrl: publicUrl.value,
    queueDeadlineSeconds: plain.value.QUEUE_DEADLINE_SECONDS,
    checkDeadlineSeconds: plain.value.CHECK_DEADLINE_SECONDS,
    setDeadlineSeconds: plain.value.SET_DEADLINE_SECONDS,
    paused: plain.value.PAUSED === 'true',
    pausedReason: plain.value.PAUSED_REASON,
    signingKey: signingKey.value,
    callbackSecrets: callbackSecrets.value,
    slack: slack.value.settings,
    teams: teams.value.read && teamsOf(teams.value.read, `${withoutSlash(authority)}/${tenantId}`),
    chatLinkDays: plain.value.CHAT_LINK_DAYS,
  };
}

const withoutSlash = ({ href }: URL): string => href.replace(/\/$/, '');

/** An empty setting is one that is not given. */
const withoutEmpty = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));

/**
 * App Service leaves a reference that it cannot resolve in the place of the secret: a text that whoever knows the vault
 * can write too. https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 */
function readReferences(environment: Environment): Part<true> {
  const unresolved = Object.entries(environment).filter(([, value]) => /^\s*@Microsoft\.\w+\(/i.test(value ?? ''));
  if (unresolved.length === 0) return good(true);
  return bad(
    ...unresolved.map(([name]) => `${name}: its reference is not resolved; see that the secret is there, and readable`),
  );
}

function parsePlain(environment: Environment): Part<z.infer<typeof plainSchema>> {
  const parsed = plainSchema.safeParse(environment);
  if (parsed.success) return good(parsed.data);
  return bad(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
}

function parseStorage(environment: Environment): Part<StorageSettings> {
  const connectionString = environment['AzureWebJobsStorage'];
  if (connectionString !== undefined) return parseConnectionString(connectionString);
  const [queueServiceUri, tableServiceUri, blobServiceUri] = ['queue', 'table', 'blob'].map(
    (service) => environment[`AzureWebJobsStorage__${service}ServiceUri`],
  );
  if (queueServiceUri === undefined || tableServiceUri === undefined || blobServiceUri === undefined) {
    return bad(
      'AzureWebJobsStorage: give a connection string, or AzureWebJobsStorage__queueServiceUri, __tableServiceUri and __blobServiceUri for an identity',
    );
  }
  const uris = [queueServiceUri, tableServiceUri, blobServiceUri];
  if (!uris.every((uri) => safeUrl.safeParse(uri).success))
    return bad('AzureWebJobsStorage__…ServiceUri: give https URLs (http on loopback only)');
  const clientId = environment['AzureWebJobsStorage__clientId'];
  return good({ kind: 'identity', queueServiceUri, tableServiceUri, blobServiceUri, clientId });
}

function parseConnectionString(connectionString: string): Part<StorageSettings> {
  const addresses = connectionStringAddresses(connectionString);
  const safe = addresses.length > 0 && addresses.every((address) => safeUrl.safeParse(address).success);
  if (safe) return good({ kind: 'connectionString', connectionString });
  return bad('AzureWebJobsStorage: give a connection string with https endpoints (http on loopback only)');
}

function readPolicy(environment: Environment): Part<{ policy: Policy; warnings: readonly string[] }> {
  const { POLICY: inline, POLICY_FILE: file } = environment;
  if (inline === undefined && file === undefined)
    return bad('POLICY: give the policy as JSON, or its path as POLICY_FILE; without one nothing is allowed');
  if (inline !== undefined && file !== undefined) return bad('POLICY: give either POLICY or POLICY_FILE');
  try {
    const parsed = parsePolicy(inline ?? readFileSync(String(file), 'utf8'));
    return parsed.ok ? good(parsed) : bad(...parsed.faults.map((fault) => `policy: ${fault}`));
  } catch (error) {
    return bad(`POLICY_FILE: ${file ?? ''} cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

function readSigningKey({ AUDIT_SIGNING_KEY: text }: Environment): Part<SigningKey> {
  const key = text === undefined ? undefined : parseSigningKey(text);
  if (key) return good(key);
  return bad(
    'AUDIT_SIGNING_KEY: give an Ed25519 private key, as a JWK or as PEM (`openssl genpkey -algorithm ed25519`), and after it the public keys of former ones in PEM; it signs what proves the audit',
  );
}

function readCallbackSecrets({ CALLBACK_SECRET: text }: Environment, policy?: Policy): Part<readonly Buffer[]> {
  if (text === undefined && !policy?.callbacks.length) return good([]);
  const secrets = text === undefined ? undefined : parseCallbackSecrets(text);
  if (secrets) return good(secrets);
  return bad(
    'CALLBACK_SECRET: give whsec_ and at least 24 random bytes in base64 (`echo whsec_$(openssl rand -base64 32)`), several by commas while one is rotated; it signs what the policy lets the proxy call (callbacks)',
  );
}

const isSecret = (text: string): boolean => /^[\x21-\x7e]{16,200}$/.test(text.trim());

const slackSchema = z.object({
  SLACK_SIGNING_SECRET: z
    .string()
    .refine((list) => list.split(',').every(isSecret), {
      error:
        'give the signing secret of the Slack app (Basic Information: 32 digits and letters a to f), several by commas while one is rotated',
    })
    .transform((list) => list.split(',').map((secret) => secret.trim())),
  SLACK_BOT_TOKEN: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,500}$/, 'give the bot token of the Slack app (OAuth & Permissions: xoxb-…)'),
  SLACK_TEAM_ID: z
    .string()
    .trim()
    .regex(
      /^[A-Z0-9]{2,50}$/,
      'give the id of the workspace, such as T012ABCDEF: it stands in its address, app.slack.com/client/T…',
    ),
});

/** All of it or none: an app that could not answer, or would answer anybody, is not started. */
function readSlack(
  environment: Environment,
  plain: z.infer<typeof plainSchema> | undefined,
): Part<{ readonly settings?: SlackSettings }> {
  const names = Object.keys(slackSchema.shape);
  if (names.every((name) => environment[name] === undefined)) return good({});
  const { data, error } = slackSchema.safeParse(environment);
  if (!data)
    return bad(
      ...error.issues.map(({ path: [name = ''], message }) =>
        environment[String(name)] === undefined
          ? `${String(name)}: give all of ${names.join(', ')}, or none of them`
          : `${String(name)}: ${message}`,
      ),
    );
  if (!plain) return bad();
  const { SLACK_SIGNING_SECRET: signingSecrets, SLACK_BOT_TOKEN: botToken, SLACK_TEAM_ID: teamId } = data;
  return good({ settings: { signingSecrets, botToken, teamId, apiUrl: withoutSlash(plain.SLACK_API_URL) } });
}

/** Teams is set up by its app id; whoever gives something else of it alone has forgotten that. */
function readTeams(environment: Environment): Part<{ readonly read?: z.infer<typeof teamsSchema> }> {
  if (!Object.keys(teamsSchema.shape).some((name) => environment[name] !== undefined)) return good({});
  const parsed = teamsSchema.safeParse(environment);
  if (parsed.success && parsed.data.TEAMS_APP_ID === environment['AZURE_CLIENT_ID']?.toLowerCase())
    return bad('TEAMS_APP_ID: give the bot an identity of its own, not that of AZURE_CLIENT_ID, which acts in Azure');
  if (parsed.success) return good({ read: parsed.data });
  return bad(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
}

const teamsOf = (read: z.infer<typeof teamsSchema>, tenantUrl: string): TeamsSettings => ({
  appId: read.TEAMS_APP_ID,
  openIdMetadata: read.TEAMS_OPENID_METADATA,
  serviceHosts: read.TEAMS_SERVICE_HOSTS,
  tokenUrl: read.TEAMS_TOKEN_URL ?? new URL(`${tenantUrl}/oauth2/v2.0/token`),
  appSecret: read.TEAMS_APP_SECRET,
});

/** Plain http is for receivers on the machine that the proxy itself is tried out on. */
const withLocalCallbacks = (policy: Policy, isLocal: boolean): Policy =>
  isLocal ? policy : { ...policy, callbacks: policy.callbacks.filter((rule) => !isPlainHttp(rule)) };

function parsePublicUrl({ PUBLIC_URL: given, WEBSITE_HOSTNAME: host }: Environment): Part<string> {
  const text = given ?? (host === undefined ? undefined : `https://${host}`);
  if (text === undefined) return bad('PUBLIC_URL: give the address under which callers reach the app');
  const url = safeUrl.safeParse(text);
  return url.success
    ? good(withoutSlash(url.data))
    : bad(...url.error.issues.map(({ message }) => `PUBLIC_URL: ${message}`));
}
