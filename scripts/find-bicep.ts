import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Bicep {
  readonly command: string;
  /** Before the compiler's own arguments. */
  readonly first: readonly string[];
}

const installed = fileURLToPath(new URL('../node_modules/.cache/bicep/bicep', import.meta.url));

const candidates: readonly Bicep[] = [
  { command: installed, first: [] },
  { command: 'bicep', first: [] },
  { command: 'az', first: ['bicep'] },
];

/** What an installation must say of itself, for checks without one. */
const neutral = {
  AZURE_ENV_NAME: 'check',
  AZURE_LOCATION: 'westeurope',
  SOURCE_SUBSCRIPTIONS: '00000000-0000-4000-8000-00000000000a',
  ALERT_EMAIL: 'operators@example.com',
  PRIVATE_NETWORK: 'true',
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000b',
};

/** Where no compiler is found. */
export const howToGetBicep =
  'No Bicep compiler was found. Run scripts/install-bicep.sh (it needs the .NET SDK), or install it as https://aka.ms/bicep-install says.';

/** The Bicep compiler: the one that was installed beside the packages, else `bicep`, else `az bicep`. */
export function findBicep(): Bicep | undefined {
  return candidates.find(({ command, first }) => runBicep({ command, first }, ['--version']).status === 0);
}

export function runBicep(
  { command, first }: Bicep,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
) {
  // `az` writes `version` without dashes.
  const own = command === 'az' && args[0] === '--version' ? ['version'] : args;
  return spawnSync(command, [...first, ...own], {
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...neutral, ...process.env, ...settings, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
  });
}
