import type { Pair } from './arm/scenarios/pair.ts';
import type { World } from './arm/scenarios/world.ts';

interface Started {
  /** The app's address. */
  readonly url: string;
  /** The same by https, and the file with the certificate that it is served with. */
  readonly https?: { readonly url: string; readonly certificate: string } | undefined;
  /** Names of the settings that were not given, so that something on this machine stands in. */
  readonly local: ReadonlySet<string>;
  /** Names of the chats that are set up; nothing stands in for one. */
  readonly chats: readonly string[];
  readonly speed: number;
  /** Of the log, as it is seen from the folder in which `npm start` runs. */
  readonly logPath: string;
  readonly world: Pick<World, 'resources' | 'pairs'>;
}

// One of each kind that a newcomer should have seen.
const worthTrying = [
  'reachable in its own network',
  'reachable through a peering',
  'degraded: some probes are lost',
  'issue NetworkSecurityRule, inbound',
  'issue DnsResolution',
  'unknown after no probe: the source has no agent',
  'throttled once: 429 TooManyRequests with Retry-After',
  'always 403: the identity lacks a right',
  'never ends',
];

/** What a person needs to know to use the proxy on this machine, with commands to paste. */
export function welcome({ url, https, local, chats, speed, logPath, world }: Started): string {
  const simulated = local.has('ARM_ENDPOINT');
  const sections = [
    `Connectivity Check Proxy, on this machine only: ${url}
The page, in a browser: ${https?.url ?? url}/`,
    ...(https ? [byHttps(https)] : []),
    standIns({ local, chats, speed }),
    ...(local.has('ENTRA_TENANT_ID') ? [signIn(url)] : []),
    ...(simulated ? [sources(world), pairs(url, world)] : []),
    `Here follows a line for each check that ends or is refused. The log is ${logPath}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function byHttps({ url, certificate }: NonNullable<Started['https']>): string {
  return `By https: ${url}
  Clients that are to trust its certificate take it from NODE_EXTRA_CA_CERTS (Node), REQUESTS_CA_BUNDLE (Python, az) or
  SSL_CERT_FILE (Go, curl): ${certificate}`;
}

function standIns({ local, chats, speed }: Pick<Started, 'local' | 'chats' | 'speed'>): string {
  const parts = [
    ['AzureWebJobsStorage', 'storage', 'Azurite, kept in .data'],
    ['ARM_ENDPOINT', 'Azure', `simulated, ${speed} times as fast (SIMULATOR_SPEED)`],
    ['IDENTITY_ENDPOINT', 'managed identity', 'simulated'],
    ['ENTRA_TENANT_ID', 'sign-in', 'a token for whoever asks'],
    ['POLICY_FILE', 'policy', 'policy.sample.json'],
  ] as const;
  const lines: readonly (readonly [what: string, how: string])[] = [
    ...parts.map(([setting, what, how]) => [what, local.has(setting) ? how : 'as the settings say'] as const),
    ['chats', chats.length === 0 ? 'not set up' : `${chats.join(' and ')}, as the settings say`],
  ];
  return lines.map(([what, how]) => `  ${what.padEnd(17)} ${how}`).join('\n');
}

function signIn(url: string): string {
  return `Sign in as anybody, with any of the roles Check.Request, Audit.Read and Check.Admin:
  TOKEN=$(curl -s ${url}/.local/token -d '{"user":"alice","roles":["Check.Request"]}' | node -pe 'JSON.parse(fs.readFileSync(0)).access_token')
On the command line, by a page in the browser on which one says who to be:
  NETCHECK_URL=${url} node dist/netcheck.mjs login`;
}

function sources({ resources }: Started['world']): string {
  const lines = resources.map(({ kind, id, address }) => `  ${kind.padEnd(19)} ${address.padEnd(9)} ${id}`);
  return ['Sources:', ...lines].join('\n');
}

function pairs(url: string, { pairs: all }: Started['world']): string {
  const shown = worthTrying.flatMap((description) => all.filter((pair) => pair.description === description));
  const lines = shown.flatMap((pair) => [`  # ${nameOf(pair)}`, `  ${command(url, pair)}`]);
  return [
    `Worth trying; each is one line to paste (${all.length} such pairs are declared in stand-ins/arm/scenarios):`,
    ...lines,
  ].join('\n');
}

/** `web-01 to 10.1.2.4:1433 (Tcp): reachable in its own network` */
function nameOf({ source, destination, port, protocol, description }: Pair): string {
  const name = source.split('/').at(-1) ?? source;
  return `${name} to ${destination}${port === undefined ? '' : `:${port}`} (${protocol}): ${description}`;
}

/** Asks for that check, and waits for its end where there is one. */
function command(url: string, { source, destination, port, protocol, outcome }: Pair): string {
  const body = {
    source: { resourceId: source },
    destination: destination.startsWith('/') ? { resourceId: destination, port } : { address: destination, port },
    protocol,
  };
  const wait = outcome.kind === 'never ends' ? '' : " -H 'Prefer: wait=120'";
  return `curl -s ${url}/api/checks -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'${wait} -d '${JSON.stringify(body)}'`;
}
