import { randomBytes } from 'node:crypto';
import { HttpRequest, HttpResponse, InvocationContext, type HttpHandler } from '@azure/functions';
import { signInNamesIn } from '../../src/caller/entra/sign-in-names.ts';
import { toCaller } from '../../src/caller/entra/to-caller.ts';
import { createConnectorTokenVerifier } from '../../src/caller/teams/verify-connector-token.ts';
import { sweepChats } from '../../src/chat/sweep-chats.ts';
import { confirmChatLink, listChatLinks, previewChatLink, removeChatLink } from '../../src/http/chat/links.ts';
import { receiveTeamsActivity } from '../../src/http/chat/teams.ts';
import { httpDoor } from '../../src/http/http-door.ts';
import type { OperationName } from '../../src/http/operations.ts';
import { chat } from '../../src/jobs/chat.ts';
import type { Card, Execute } from '../../src/teams/card/card.ts';
import { clientCredentialTokens } from '../../src/teams/connector/client-credentials.ts';
import { CONNECTOR_SCOPE, createConnector } from '../../src/teams/connector/create-connector.ts';
import { teamsDoor } from '../../src/teams/teams-door.ts';
import { expectAsDocumented, operationOf } from '../http/answers.ts';
import { type Minting, startBotService, type Written } from '../support/azure/bot-service.ts';
import { memoryChatQueue, memoryChatRequests, memoryLinks } from '../support/memory/memory-chats.ts';
import { memoryKeptCards } from '../support/memory/memory-kept-cards.ts';
import { memoryProxy, type Script } from '../support/memory/memory-proxy.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { tenantId } from '../support/samples.ts';
import { goodActivity } from '../support/teams/activities.ts';

export const publicUrl = 'https://proxy.example';

type Changes = Parameters<typeof memoryProxy>[1];
interface Asking {
  readonly roles?: readonly string[];
  readonly body?: object;
  /** Over the claims of the person's token. */
  readonly claims?: object;
}

/** What a conversation is called, by who reads it. */
export const rooms = {
  channel: {
    conversation: { id: '19:net@thread.tacv2;messageid=1700', conversationType: 'channel', isGroup: true, tenantId },
    channelData: {
      tenant: { id: tenantId },
      team: { id: '19:team' },
      channel: { id: '19:net@thread.tacv2', name: 'Network' },
    },
  },
  shared: {
    conversation: { id: '19:shared@thread.tacv2', conversationType: 'channel', isGroup: true, tenantId },
    channelData: { tenant: { id: tenantId }, channel: { id: '19:shared@thread.tacv2', type: 'shared' } },
  },
  group: {
    conversation: { id: '19:group@thread.v2', conversationType: 'groupChat', isGroup: true, tenantId },
  },
} as const;

/** A Bot Connector over HTTP, and the proxy's own route and worker on memory adapters with a clock of the test's own. */
export async function teamsWorld(script: Script = {}, changes: Changes = {}) {
  const proxy = memoryProxy(script, changes);
  const bots = await startBotService(proxy.now, tenantId);
  const requests = memoryChatRequests();
  const chatQueue = memoryChatQueue();
  const links = memoryLinks();
  const keptCards = memoryKeptCards();
  const log: string[] = [];
  const verify = (authorization: string | undefined) =>
    JSON.parse(Buffer.from(authorization?.replace('Bearer ', '') ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
  const common = { fetch, now: proxy.now };
  const connector = createConnector({
    ...common,
    warn: (message, error) => log.push(`${message} ${String(error)}`),
    getToken: clientCredentialTokens({
      ...{ ...common, tokenUrl: new URL(bots.tokenUrl), clientId: bots.appId, clientSecret: bots.appSecret },
      scope: CONNECTOR_SCOPE,
    }),
    serviceHosts: [bots.serviceHost],
    timeoutMs: 2000,
  });
  const door = teamsDoor({ appId: bots.appId, tenantId, connector, keptCards, now: proxy.now });
  const deps = {
    ...proxy.deps,
    ...{ publicUrl, tenantId, requests, chatQueue, links, keptCards, linkDays: 7, pause: undefined },
    checkList: { page: () => Promise.resolve({ checks: [], next: undefined }) } as never,
    knownRequesters: { named: () => Promise.resolve([]) } as never,
    doors: { teams: door },
    newCode: () => randomBytes(16).toString('base64url'),
    door: httpDoor((authorization, via) => Promise.resolve(toCaller(verify(authorization), tenantId, via))),
    signInNames: (authorization: string | undefined) => Promise.resolve(signInNamesIn(verify(authorization))),
    teams: {
      verify: createConnectorTokenVerifier({ ...bots, ...common, metadataUrl: new URL(bots.metadataUrl) }),
      ...{ serviceHosts: [bots.serviceHost], door, keptCards },
    },
  };
  const handlers: Partial<Record<OperationName, HttpHandler>> = {
    previewChatLink: previewChatLink(deps),
    confirmChatLink: confirmChatLink(deps),
    listChatLinks: listChatLinks(deps),
    removeChatLink: removeChatLink(deps),
    receiveTeamsActivity: receiveTeamsActivity(deps),
  };
  const job = chat(deps);
  const contextOf = () =>
    new InvocationContext({ functionName: 'function', logHandler: (_level, ...args) => log.push(args.join(' ')) });

  async function call(name: OperationName, request: HttpRequest, handler = handlers[name]) {
    const answer = new HttpResponse(
      (await handler?.(request, contextOf())) as ConstructorParameters<typeof HttpResponse>[0],
    );
    const text = await answer.text();
    expectAsDocumented(name, { status: answer.status, headers: answer.headers, text });
    return { status: answer.status, text, json: (text === '' ? {} : JSON.parse(text)) as Record<string, never> };
  }

  function ask(line: string, user: string, { roles = ['Check.Request'], body, claims }: Asking = {}) {
    const [method = '', path = ''] = line.split(' ');
    const { name, params } = operationOf(method, path);
    const token = { tid: tenantId, oid: objectIdOf(user), azp: 'client', scp: 'Checks', name: user, roles, ...claims };
    const authorization = `Bearer ${Buffer.from(JSON.stringify(token)).toString('base64url')}`;
    const sent = body === undefined ? {} : { body: { string: JSON.stringify(body) } };
    const headers = { authorization, 'content-type': 'application/json' };
    return call(name, new HttpRequest({ method, url: `https://host.example${path}`, params, headers, ...sent }));
  }

  let activities = 0;
  const activityOf = (user: string, changed: object = {}) => ({
    ...goodActivity({ serviceUrl: bots.serviceUrl, tenantId }),
    id: `17000000${++activities}`,
    from: { id: `29:${user}`, name: `${user} <b>`, aadObjectId: objectIdOf(user) },
    ...changed,
  });

  async function send(activity: unknown, minting: Minting = {}, headers?: Readonly<Record<string, string>>) {
    const sent = headers ?? { authorization: `Bearer ${await bots.mint(minting)}`, 'content-type': 'application/json' };
    const body = { string: typeof activity === 'string' ? activity : JSON.stringify(activity) };
    const url = 'https://host.example/api/chat/teams/messages';
    return call('receiveTeamsActivity', new HttpRequest({ method: 'POST', url, headers: sent, body }));
  }

  const write = (user: string, text: string, room: object = {}) => send(activityOf(user, { text, ...room }));
  const clickOf = (user: string, { verb, data }: Pick<Execute, 'verb' | 'data'>, more: object = {}) =>
    activityOf(user, {
      ...{ type: 'invoke', name: 'adaptiveCard/action', text: undefined },
      value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
      ...more,
    });
  const click = (user: string, action: Pick<Execute, 'verb' | 'data'>, more: object = {}) =>
    send(clickOf(user, action, more));

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

  /** The code that `link` answers. */
  async function codeOf(user: string): Promise<string> {
    await write(user, 'link');
    await drain();
    return /#\/link\/([\w-]+)/.exec(JSON.stringify(cardIn(bots.written.at(-1))))?.[1] ?? '';
  }

  async function linkOf(user: string, asking: Asking = {}): Promise<void> {
    const answer = await ask('POST /api/chat/links', user, { ...asking, body: { code: await codeOf(user) } });
    if (answer.status !== 201) throw new Error(answer.text);
    await drain();
    bots.written.length = 0;
  }

  return {
    ...{ proxy, bots, requests, chatQueue, links, keptCards, deps, log, ask, send, write, click, clickOf, drain, job },
    ...{ activityOf, linkOf, codeOf, call, contextOf },
    sweep: () => sweepChats(deps),
    events: (action: string) => proxy.audit.events().filter((event) => event.action === action),
    /** Everything that would show that something was kept of a request. */
    stored: () => JSON.stringify([requests.rows(), chatQueue.sent, proxy.store.rows(), proxy.audit.events()]),
    lastCard: () => cardIn(bots.written.at(-1)),
    stop: () => bots.stop(),
  };
}

export function cardIn(written: Written | undefined): Card {
  if (!written) throw new Error('Nothing was written.');
  return written.body.attachments[0].content as Card;
}

/** All that a card says, as somebody reads it; its buttons in brackets. */
export function wordsOf(card: unknown): string {
  const { body, actions = [] } = card as Card;
  const text = (part: unknown): string => {
    const { inlines = [], items = [] } = part as { inlines?: { text: string }[]; items?: unknown[] };
    return [...(inlines.length > 0 ? [inlines.map((each) => each.text).join('')] : []), ...items.map(text)].join('\n');
  };
  return [...body.map(text), actions.map(({ title }) => `[${title}]`).join(' ')].join('\n');
}

export function actionOf(card: unknown, title: string): Execute {
  const found = (card as Card).actions?.find((action) => action.title === title);
  if (found?.type !== 'Action.Execute') throw new Error(`There is no button ${title}.`);
  return found;
}
