import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Offer } from '../../sign-in/offer.ts';
import type { Tokens } from '../../sign-in/tokens.ts';

/** What was confirmed for one proxy, and the tokens of whoever signed in to it. */
export interface Session extends Offer {
  readonly tokens?: Tokens;
}

/** By the proxy's origin. */
export type Sessions = Readonly<Record<string, Session>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** A file that its owner alone may read. What is in it is not encrypted. */
export function sessionsFile({ XDG_STATE_HOME, LOCALAPPDATA }: Environment, platform: string): string {
  const state = platform === 'win32' ? LOCALAPPDATA : XDG_STATE_HOME;
  return join(state || join(homedir(), '.local', 'state'), 'netcheck', 'sessions.json');
}

/** None where there is no such file. Throws for one that is no such file. */
export async function readSessions(file: string): Promise<Sessions> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    const kept: unknown = JSON.parse(text);
    const entries = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
    return Object.fromEntries(entries.flatMap(([origin, session]) => (isSession(session) ? [[origin, session]] : [])));
  } catch (cause) {
    throw new Error(`${file} cannot be read: delete it, and sign in again.`, { cause });
  }
}

/** Keeps it for that origin, or forgets it; what others wrote for other origins meanwhile stays. */
export async function writeSession(file: string, origin: string, session: Session | undefined): Promise<void> {
  const others = Object.entries(await readSessions(file)).filter(([other]) => other !== origin);
  const kept: Sessions = { ...Object.fromEntries(others), ...(session && { [origin]: session }) };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}`;
  try {
    await writeFile(part, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    await chmod(part, 0o600);
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

type Members = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;

const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string';

function isSession(value: unknown): value is Session {
  const { authority, scope, clientId, tokens } = membersOf(value) ?? {};
  const isWhole = typeof authority === 'string' && URL.canParse(authority) && typeof scope === 'string';
  return isWhole && isTextOrAbsent(clientId) && (tokens === undefined || isTokens(tokens));
}

function isTokens(value: unknown): value is Tokens {
  const { accessToken, expiresAt, refreshToken, name } = membersOf(value) ?? {};
  const isWhole = typeof accessToken === 'string' && typeof expiresAt === 'number';
  return isWhole && isTextOrAbsent(refreshToken) && isTextOrAbsent(name);
}
