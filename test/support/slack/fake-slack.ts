import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startLoopbackServer } from '../../../stand-ins/server/start-loopback-server.ts';
import type { Fate } from '../chat/fate.ts';

export const signingSecret = 'signing-secret-of-the-slack-app';
export const botToken = 'xoxb-token-of-the-slack-app';
export const teamId = 'T0TEAM0001';

/** One call that Slack was made. */
export interface SlackCall {
  /** `chat.postMessage`, or `response_url`. */
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** Where processes say who they are: `callerArguments`. */
  readonly caller?: string;
  /** Of the message that it makes, or changes. */
  readonly ts?: string;
  readonly body: {
    readonly channel?: string;
    readonly ts?: string;
    readonly user?: string;
    readonly cursor?: string;
    readonly text?: string;
    readonly response_type?: string;
    readonly replace_original?: boolean;
    readonly unfurl_links?: boolean;
    readonly unfurl_media?: boolean;
    readonly blocks?: readonly Block[];
  };
}

export interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly fields?: readonly { readonly type: string; readonly text: string }[];
  readonly elements?: readonly {
    readonly type: string;
    readonly text?: string | { readonly text: string };
    readonly action_id?: string;
    readonly value?: string;
    readonly url?: string;
  }[];
}

/** Somebody as `users.info` tells of them. */
export const person = (id: string, email: string, changes: object = {}): object => ({
  ...{ id, team_id: teamId, name: email.split('@')[0], deleted: false, is_bot: false },
  ...{ is_restricted: false, is_ultra_restricted: false, is_email_confirmed: true },
  profile: { email, real_name: email.split('@')[0] },
  ...changes,
});

export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>;

/** Slack's Web API and its response URLs over HTTP, which write down what they are asked; it signs requests as Slack does. */
export async function startFakeSlack({ fateOf = () => undefined }: { fateOf?: (call: SlackCall) => Fate } = {}) {
  const calls: SlackCall[] = [];
  const users = new Map<string, object>();
  const channels = new Map<string, object>();
  /** Of each channel, page by page; of one that is not here all are members. */
  const members = new Map<string, readonly (readonly string[])[]>();
  const down = { responseUrl: false, api: false };
  /** Methods that are down. */
  const failing = new Set<string>();
  /** The word by which a method refuses whatever it is asked. */
  const refusals = new Map<string, string>();
  let messages = 0;
  const server = await startLoopbackServer(async (request, response) => {
    const body = await bodyOf(request);
    const path = request.url ?? '';
    const isResponse = path.startsWith('/commands/');
    const method = isResponse ? 'response_url' : path.replace('/api/', '');
    const ts = method === 'chat.postMessage' ? `${++messages}.000100` : body.ts;
    const { authorization, 'x-caller': caller } = request.headers;
    const call = { method, path, authorization, body, ...(ts && { ts }), ...(caller && { caller: String(caller) }) };
    calls.push(call);
    const fate = fateOf(call) ?? (isDown(method) ? 'fail' : undefined);
    if (fate !== undefined) meet(fate, response);
    else if (isResponse) response.end('ok');
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(refusalOf(method) ?? answer(call)));
  });

  const isDown = (method: string): boolean =>
    method === 'response_url' ? down.responseUrl : down.api || failing.has(method);

  function refusalOf(method: string): object | undefined {
    const error = refusals.get(method);
    return error === undefined ? undefined : { ok: false, error };
  }

  function answer({ method, body, ts }: SlackCall): object {
    if (method === 'users.info') {
      const user = users.get(body.user ?? '');
      return user ? { ok: true, user } : { ok: false, error: 'user_not_found' };
    }
    if (method === 'conversations.info') {
      const channel = channels.get(body.channel ?? '');
      if (!channel) return { ok: false, error: 'channel_not_found' };
      return 'error' in channel ? { ok: false, ...channel } : { ok: true, channel };
    }
    if (method === 'conversations.members') return pageOfMembers(body);
    if (method !== 'chat.postMessage' && method !== 'chat.update') return { ok: false, error: 'unknown_method' };
    return { ok: true, channel: body.channel?.replace(/^U/, 'D'), ts };
  }

  function pageOfMembers({ channel = '', cursor = '0' }: SlackCall['body']): object {
    const pages = members.get(channel) ?? [[...users.keys()]];
    const page = Number(cursor);
    const next = page < pages.length - 1 ? String(page + 1) : '';
    return { ok: true, members: pages[page], response_metadata: { next_cursor: next } };
  }

  return {
    calls,
    users,
    channels,
    members,
    down,
    failing,
    refusals,
    apiUrl: `${server.url}/api`,
    responseUrl: (name: string): string => `${server.url}/commands/${name}`,
    settings: {
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_BOT_TOKEN: botToken,
      SLACK_TEAM_ID: teamId,
      SLACK_API_URL: `${server.url}/api`,
    },
    stop: () => server.stop(),
  };
}

function meet(fate: NonNullable<Fate>, response: ServerResponse): void {
  if (fate === 'drop') response.destroy();
  else if (fate === 'busy') response.writeHead(429, { 'retry-after': '1' }).end();
  else response.writeHead(500).end('down');
}

async function bodyOf(request: IncomingMessage): Promise<SlackCall['body']> {
  const text = (await buffer(request)).toString();
  if (request.headers['content-type']?.startsWith('application/json')) return JSON.parse(text) as SlackCall['body'];
  return Object.fromEntries(new URLSearchParams(text));
}

export interface Signing {
  readonly at?: Date;
  readonly secret?: string;
}

/** Headers with which Slack would send a body. */
export function signed(body: string | Uint8Array, { at = new Date(), secret = signingSecret }: Signing = {}) {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const hex = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hex}` };
}

export const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

/** Everything that can be read in a message. */
export const textOf = ({ body }: SlackCall): string =>
  [body.text ?? '', ...(body.blocks ?? []).map(wordsOf)].join('\n');

const wordsOf = ({ text, fields = [], elements = [] }: Block): string =>
  [text?.text ?? '', ...fields.map((field) => field.text), ...elements.map((each) => labelOf(each.text))].join('\n');

const labelOf = (text: string | { readonly text: string } | undefined): string =>
  typeof text === 'object' ? text.text : (text ?? '');

/** The buttons of a message. */
export const buttonsOf = ({ body }: SlackCall) =>
  (body.blocks ?? []).flatMap(({ type, elements = [] }) => (type === 'actions' ? elements : []));
