import { type ArmSimulator, startArmSimulator } from '../../../stand-ins/arm/start-arm-simulator.ts';
import { world } from '../../../stand-ins/arm/scenarios/world.ts';

interface Hop {
  readonly id: string;
  readonly address: string;
  readonly nextHopIds: string[];
  readonly previousHopIds: string[];
  readonly issues: { type: string }[];
  readonly links: { issues: { type: string }[] }[];
}

/** What the bodies of ARM hold between them; tests assert on what is there. */
interface Body {
  readonly error?: { code: string; message: string; details: { code: string; message: string }[] };
  readonly connectionStatus?: string;
  readonly probesSent: number;
  readonly hops: Hop[];
  readonly id: string;
  readonly location: string;
  readonly resources?: { properties: object }[];
  readonly value: { id: string; location: string }[];
  readonly nextLink: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, where it is JSON. */
  readonly body: Body;
}

/** A simulator that waits for nothing, unless told, and a client that knows its dialect. */
export async function startArm(options: Parameters<typeof startArmSimulator>[0] = {}) {
  const arm = await startArmSimulator({ speed: Infinity, ...options });
  const send = (path: string, init: RequestInit = {}) => sendTo(arm, path, init);
  const post = (watcherId: string, body: unknown) =>
    send(`${watcherId}/connectivityCheck?api-version=2023-09-01`, { method: 'POST', body: JSON.stringify(body) });
  const poll = (answer: Answer) => send(answer.headers.get('location') ?? '');
  return { arm, send, post, poll };
}

async function sendTo({ url }: ArmSimulator, path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(new URL(path, url), { headers: { authorization: 'Bearer anything' }, ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Body };
}

/** The network watcher in the region and subscription of a source. */
export function watcherOf(sourceId: string): string {
  const source = world.resources.find(({ id }) => id === sourceId);
  const found = world.watchers.find(
    ({ id, location }) =>
      id.startsWith(sourceId.slice(0, 52)) && location.toLowerCase() === source?.location.toLowerCase(),
  );
  if (!found) throw new Error(`${sourceId} has no network watcher.`);
  return found.id;
}

/** The id of a declared source by its name, such as `web-01`. */
export function sourceNamed(name: string): string {
  const found = world.resources.find(({ id }) => id.endsWith(`/${name}`));
  if (!found) throw new Error(`There is no ${name}.`);
  return found.id;
}
