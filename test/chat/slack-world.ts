import { randomBytes } from 'node:crypto';
import { HttpRequest, HttpResponse, InvocationContext, type HttpHandler } from '@azure/functions';
import { signInNamesIn } from '../../src/caller/entra/sign-in-names.ts';
import { toCaller } from '../../src/caller/entra/to-caller.ts';
import { sweepChats } from '../../src/chat/sweep-chats.ts';
import { confirmChatLink, listChatLinks, previewChatLink, removeChatLink } from '../../src/http/chat/links.ts';
import { slackCommands, slackEvents, slackInteractions } from '../../src/http/chat/slack.ts';
import { httpDoor } from '../../src/http/http-door.ts';
import type { OperationName } from '../../src/http/operations.ts';
import { chat } from '../../src/jobs/chat.ts';
import { createSlackApi } from '../../src/slack/slack-api.ts';
import { createSlackDoor } from '../../src/slack/slack-door.ts';
import { expectAsDocumented, operationOf } from '../http/answers.ts';
import type { Fate } from '../support/chat/fate.ts';
import { memoryChatQueue, memoryChatRequests, memoryLinks } from '../support/memory/memory-chats.ts';
import { memoryProxy, type Script } from '../support/memory/memory-proxy.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { tenantId } from '../support/samples.ts';
import {
  botToken,
  form,
  person,
  signed,
  signingSecret,
  type SlackCall,
  startFakeSlack,
  teamId,
  textOf,
} from '../support/slack/fake-slack.ts';

export const publicUrl = 'https://proxy.example';

interface Asking {
  readonly user?: string;
  readonly roles?: readonly string[];
  /** Over the claims of the person's token. */
  readonly claims?: object;
  readonly body?: object;
}

const emailOf = (user: string): string => `${user}@contoso.example`;

type Changes = Parameters<typeof memoryProxy>[1];

/** Slack over HTTP, and the proxy's own routes and worker on memory adapters with a clock of the test's own. */
export async function slackWorld(script: Script = {}, changes: Changes = {}, fateOf?: (call: SlackCall) => Fate) {
  const proxy = memoryProxy(script, changes);
  const slack = await startFakeSlack({ ...(fateOf && { fateOf }) });
  const settings = { signingSecrets: [signingSecret], botToken, teamId, apiUrl: slack.apiUrl };
  const requests = memoryChatRequests();
  const chatQueue = memoryChatQueue();
  const log: string[] = [];
  const warn = (message: string, error: unknown): void => {
    log.push(`${message} ${String(error)}`);
  };
  const verify = (authorization: string | undefined): Record<string, unknown> =>
    JSON.parse(Buffer.from(authorization?.replace('Bearer ', '') ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
  const deps = {
    ...proxy.deps,
    publicUrl,
    checkList: { page: () => Promise.resolve({ checks: [], next: undefined }) } as never,
    knownRequesters: { named: () => Promise.resolve([]) } as never,
    pause: undefined,
    slack: settings,
    doors: {
      slack: createSlackDoor({
        slack: settings,
        api: createSlackApi({ slack: settings, fetch, warn }),
        now: proxy.now,
      }),
    },
    requests,
    links: memoryLinks(),
    chatQueue,
    linkDays: 7,
    newCode: () => randomBytes(16).toString('base64url'),
    door: httpDoor((authorization, via) => Promise.resolve(toCaller(verify(authorization), tenantId, via))),
    signInNames: (authorization: string | undefined) => Promise.resolve(signInNamesIn(verify(authorization))),
  };
  const handlers: Partial<Record<OperationName, HttpHandler>> = {
    previewChatLink: previewChatLink(deps),
    confirmChatLink: confirmChatLink(deps),
    listChatLinks: listChatLinks(deps),
    removeChatLink: removeChatLink(deps),
    slackCommands: slackCommands(deps),
    slackInteractions: slackInteractions(deps),
    slackEvents: slackEvents(deps),
  };
  const job = chat(deps);

  const contextOf = () =>
    new InvocationContext({ functionName: 'function', logHandler: (_level, ...args) => log.push(args.join(' ')) });

  async function call(name: OperationName, request: HttpRequest) {
    const answer = new HttpResponse(
      (await handlers[name]?.(request, contextOf())) as ConstructorParameters<typeof HttpResponse>[0],
    );
    const text = await answer.text();
    expectAsDocumented(name, { status: answer.status, headers: answer.headers, text });
    return { status: answer.status, text, json: (text === '' ? {} : JSON.parse(text)) as Record<string, never> };
  }

  /** What a person with a token asks. */
  function ask(line: string, { user = 'alice', roles = ['Check.Request'], claims, body }: Asking = {}) {
    const [method = '', path = ''] = line.split(' ');
    const { name, params } = operationOf(method, path);
    const token = {
      ...{ tid: tenantId, oid: objectIdOf(user), azp: 'client', scp: 'Checks', name: user, roles },
      ...{ upn: emailOf(user), ...claims },
    };
    const authorization = `Bearer ${Buffer.from(JSON.stringify(token)).toString('base64url')}`;
    const sent = body === undefined ? {} : { body: { string: JSON.stringify(body) } };
    const headers = { authorization, 'content-type': 'application/json' };
    return call(name, new HttpRequest({ method, url: `https://host.example${path}`, params, headers, ...sent }));
  }

  /** What Slack sends, signed now. */
  function send(
    path: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = signed(body, { at: proxy.now() }),
  ) {
    const { name } = operationOf('POST', `/api/chat/slack/${path}`);
    const url = `https://host.example/api/chat/slack/${path}`;
    const sent = typeof body === 'string' ? { string: body } : { bytes: body };
    return call(name, new HttpRequest({ method: 'POST', url, headers, body: sent }));
  }

  let triggers = 0;
  const commandOf = (user: string, text: string, more: Readonly<Record<string, string>> = {}): string =>
    form({
      ...{ team_id: teamId, team_domain: 'contoso', user_id: `U${user}`, user_name: user, command: '/netcheck', text },
      ...{ channel_id: 'C0NET', channel_name: 'network', trigger_id: `trigger-${++triggers}` },
      ...{ response_url: slack.responseUrl(`${user}-${triggers}`), ...more },
    });

  const mentionOf = (user: string, text: string, more: object = {}, event: object = {}): string =>
    JSON.stringify({
      ...{ type: 'event_callback', team_id: teamId, event_id: `Ev${++triggers}` },
      event: { type: 'app_mention', user: `U${user}`, channel: 'C0NET', text: `<@UAPP> ${text}`, ...event },
      ...more,
    });

  const directOf = (user: string, text: string): string =>
    mentionOf(user, text, {}, { type: 'message', channel_type: 'im', channel: `D${user}`, text });

  const clickOf = (
    user: string,
    button: { action_id?: string; value?: string },
    container: object,
    more: object = {},
  ): string =>
    form({
      payload: JSON.stringify({
        ...{ type: 'block_actions', trigger_id: `trigger-${++triggers}`, team: { id: teamId } },
        ...{ user: { id: `U${user}`, username: user, team_id: teamId }, container, actions: [button] },
        response_url: slack.responseUrl(`click-${user}-${triggers}`),
        ...more,
      }),
    });

  /** The worker's next messages, each at its time, and the checks' between them. */
  async function drain(most = 200): Promise<void> {
    for (let i = 0; chatQueue.sent.length > 0; i++) {
      if (i >= most) throw new Error('The queue of chats does not empty.');
      const { chatId, delaySeconds } = chatQueue.sent.shift()!;
      proxy.advance(delaySeconds);
      if (delaySeconds > 0) await proxy.drain();
      await job({ chatId }, contextOf());
    }
  }

  const said = () => slack.calls.filter(({ method }) => /^(?:chat\.|response_url)/.test(method));

  async function linkOf(user: string, asking: Asking = {}): Promise<void> {
    slack.users.set(`U${user}`, person(`U${user}`, emailOf(user)));
    const answer = await ask('POST /api/chat/links', { user, ...asking, body: { code: await codeOf(user) } });
    if (answer.status !== 201) throw new Error(answer.text);
    await drain();
    slack.calls.length = 0;
  }

  /** The code that `link` answers. */
  async function codeOf(user: string): Promise<string> {
    await send('commands', commandOf(user, 'link'));
    await drain();
    const url = JSON.stringify(said().at(-1)?.body);
    const [, code = ''] = /#\/link\/([\w-]+)/.exec(url) ?? [];
    return code;
  }

  return {
    ...{ proxy, slack, requests, chatQueue, deps, handlers, log, ask, send, drain, said, job, contextOf },
    ...{ commandOf, mentionOf, directOf, clickOf, linkOf, codeOf, emailOf },
    sweep: () => sweepChats(deps),
    /** What was told last, as it can be read. */
    lastSaid: () => {
      const last = said().at(-1);
      if (!last) throw new Error('Nothing was said.');
      return { ...last, words: textOf(last) };
    },
    events: (action: string) => proxy.audit.events().filter((event) => event.action === action),
    stop: () => slack.stop(),
  };
}
