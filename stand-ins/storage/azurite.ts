import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { formerAzuriteEnded, noteAzurite } from './former-azurite.ts';

const START_MS = 20_000;
const STOP_MS = 5_000;
const ACCOUNT = 'localstorage';

// Runs inside Azurite, before its own code. The system closes the pipe when this process ends, however it ends, so
// Azurite outlives nobody; SIGTERM lets it write what it holds. It says so, and nobody listens any more: an error that
// nobody hears would end it in the middle of writing.
const endWithParent = `
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const end = () => { setTimeout(() => process.exit(1), ${STOP_MS}).unref(); process.kill(process.pid, 'SIGTERM'); };
  process.stdin.on('end', end).on('error', end).resume();`;

export interface Azurite {
  readonly connectionString: string;
  readonly pid: number;
  stop(): Promise<void>;
}

interface Options {
  readonly folder?: string | undefined;
  /** Names of accounts beside its own, with the same key. */
  readonly moreAccounts?: readonly string[];
  /** Is told what it prints. */
  readonly onOutput?: (text: string) => void;
}

/**
 * Blob, Queue and Table storage on this machine, as a child process on ports that the system chooses. Without a folder
 * nothing is kept. The account key is new at every start. Throws, with Azurite's own words, where it does not start.
 */
export async function startAzurite({ folder, moreAccounts = [], onOutput }: Options = {}): Promise<Azurite> {
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await formerAzuriteEnded(folder);
  }
  // All accounts stand in one variable of the environment, which Linux takes up to 128 KiB of.
  const key = randomBytes(32).toString('base64');
  const child = spawn(process.execPath, azuriteArguments(folder), {
    env: { ...process.env, AZURITE_ACCOUNTS: [ACCOUNT, ...moreAccounts].map((name) => `${name}:${key}`).join(';') },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C is for the app, which stops Azurite last.
    detached: true,
    windowsHide: true,
  });
  if (folder !== undefined && child.pid !== undefined) noteAzurite(folder, child.pid);
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => onOutput?.(chunk.toString('utf8').trim()));
  const stop = () => stopChild(child);
  try {
    const addresses = await listeningAddresses(child);
    return { connectionString: connectionString(key, addresses), pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function azuriteArguments(folder: string | undefined): string[] {
  const require = createRequire(import.meta.url);
  const place = folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder];
  const ports = ['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'];
  const options = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', ...ports, ...place];
  const preload = `data:text/javascript,${encodeURIComponent(endWithParent)}`;
  return ['--import', preload, require.resolve('azurite/dist/src/azurite.js'), ...options];
}

/** Service name, such as `Table`, to address; from the lines that Azurite prints even with `--silent`. */
async function listeningAddresses(child: ChildProcess): Promise<Map<string, string>> {
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`Azurite ${what}. Run \`npm ci\` and start again. It said: ${output.trim() || 'nothing'}`));
    };
    const timer = setTimeout(() => {
      fail(`did not start within ${START_MS / 1000} s`);
    }, START_MS);
    const read = (chunk: Buffer) => {
      // Azurite goes on talking for as long as it runs; only the start is kept.
      if (output.length < 16_384) output += chunk.toString('utf8');
      const found = output.matchAll(/(Blob|Queue|Table) service is successfully listening at (http:\S+)/g);
      const addresses = new Map(Array.from(found, ([, service = '', address = '']) => [service, address]));
      if (addresses.size < 3) return;
      clearTimeout(timer);
      resolve(addresses);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    // A pipe that breaks because Azurite is gone is told by its exit.
    child.stdin?.on('error', () => undefined);
    child.once('error', (error) => {
      fail(`could not be run (${error.message})`);
    });
    child.once('exit', (code) => {
      fail(`ended with code ${code ?? 'none'} before it listened`);
    });
  });
}

function connectionString(key: string, addresses: Map<string, string>): string {
  const endpoints = Array.from(addresses, ([service, address]) => `${service}Endpoint=${address}/${ACCOUNT}`);
  return ['DefaultEndpointsProtocol=http', `AccountName=${ACCOUNT}`, `AccountKey=${key}`, ...endpoints, ''].join(';');
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.stdin?.end();
  await ended;
  clearTimeout(timer);
}
