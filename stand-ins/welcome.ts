import type { World } from './arm/scenarios/world.ts';

interface Started {
  /** The app's address. */
  readonly url: string;
  /** Names of the settings that were not given, so that something on this machine stands in. */
  readonly local: ReadonlySet<string>;
  readonly speed: number;
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
];

/** What a person needs to know to use the proxy on this machine, with commands to paste. */
export function welcome({ url, local, speed, world }: Started): string {
  const simulated = local.has('ARM_ENDPOINT');
  const sections = [
    `Connectivity Check Proxy, on this machine only: ${url}`,
    standIns(local, speed),
    ...(local.has('ENTRA_TENANT_ID') ? [signIn(url)] : []),
    ...(simulated ? [firstCheck(url, world), sources(world), pairs(world)] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function standIns(local: ReadonlySet<string>, speed: number): string {
  const lines = [
    ['AzureWebJobsStorage', 'storage', 'Azurite, kept in .data'],
    ['ARM_ENDPOINT', 'Azure', `simulated, ${speed} times as fast (SIMULATOR_SPEED)`],
    ['IDENTITY_ENDPOINT', 'managed identity', 'simulated'],
    ['ENTRA_TENANT_ID', 'sign-in', 'a token for whoever asks'],
    ['POLICY_FILE', 'policy', 'policy.sample.json'],
  ] as const;
  return lines
    .map(([setting, what, how]) => `  ${what.padEnd(17)} ${local.has(setting) ? how : 'as the settings say'}`)
    .join('\n');
}

function signIn(url: string): string {
  return `Sign in as anybody, with any of the roles Check.Request, Audit.Read and Check.Admin:
  TOKEN=$(curl -s ${url}/.local/token -d '{"user":"alice","roles":["Check.Request"]}' | node -pe 'JSON.parse(fs.readFileSync(0)).access_token')`;
}

function firstCheck(url: string, { pairs: [pair] }: Started['world']): string {
  const body = pair && {
    source: { resourceId: pair.source },
    destination: { address: pair.destination, port: pair.port },
    protocol: pair.protocol,
  };
  return `Ask for a check, and wait for its result (a few seconds):
  curl -s ${url}/api/checks -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Prefer: wait=60' -d '${JSON.stringify(body)}'`;
}

function sources({ resources }: Started['world']): string {
  const lines = resources.map(({ kind, id, address }) => `  ${kind.padEnd(19)} ${address.padEnd(9)} ${id}`);
  return ['Sources:', ...lines].join('\n');
}

function pairs(world: Started['world']): string {
  const shown = world.pairs.filter(({ description }) => worthTrying.includes(description));
  const lines = shown.map(({ source, destination, port, protocol, description }) => {
    const name = source.split('/').at(-1) ?? source;
    return `  ${name} to ${destination}${port === undefined ? '' : `:${port}`} (${protocol}): ${description}`;
  });
  return [`Worth trying (${world.pairs.length} such pairs are declared in stand-ins/arm/scenarios):`, ...lines].join(
    '\n',
  );
}
