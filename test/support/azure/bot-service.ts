import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { CompactSign } from 'jose';
import type { Fate } from '../chat/fate.ts';
import { json, newKey, type TestKey, toJwk } from './entra.ts';

/** A call to the Bot Connector. */
export interface Written {
  readonly method: string;
  readonly conversationId: string;
  /** The message that it answers or replaces. */
  readonly activityId?: string;
  readonly token: string | undefined;
  /** Where processes say who they are: `callerArguments`. */
  readonly caller?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

type Answer = (response: ServerResponse) => void;

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly found: RegExpExecArray;
}

const scope = 'https://api.botframework.com/.default';

export interface Minting {
  /** Over the usual claims; `undefined` takes a claim away. */
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: TestKey;
  /** `none` leaves the signature empty; HS256 signs with the public key's PEM. */
  readonly alg?: 'RS256' | 'RS384' | 'HS256' | 'none';
}

export interface BotService {
  readonly appId: string;
  readonly appSecret: string;
  readonly tenantId: string;
  readonly metadataUrl: string;
  readonly tokenUrl: string;
  /** As activities name it. */
  readonly serviceUrl: string;
  readonly serviceHost: string;
  /** What `TEAMS_…` must be to use all this. */
  readonly settings: Readonly<Record<string, string>>;
  /** The published keys with the channels that they endorse, newest last. */
  readonly keys: { key: TestKey; endorsements?: readonly string[] }[];
  readonly asked: { metadata: number; keys: number; tokens: number };
  /** Answers in place of the right ones. */
  readonly instead: Partial<Record<'metadata' | 'keys' | 'tokens' | 'activities' | 'members', Answer | undefined>>;
  readonly written: Written[];
  /** Who reads in a conversation; one person of the tenant where nothing else is said. Given page by page, as they are here. */
  readonly members: Map<string, readonly (readonly object[])[]>;
  /** A token as the Bot Connector signs it for an activity. */
  mint(minting?: Minting): Promise<string>;
  stop(): Promise<void>;
}

const unanswered: Readonly<Record<NonNullable<Fate>, Answer>> = {
  fail: (response) => response.writeHead(503).end(),
  busy: (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
  drop: (response) => response.destroy(),
};

let firstKey: Promise<TestKey> | undefined;
let secondKey: Promise<TestKey> | undefined;

/** A key that is published nowhere, until a test does so. It is always the same, as making one takes a tenth of a second. */
export const otherKey = (): Promise<TestKey> => (secondKey ??= newKey());

/** A Bot Connector on loopback with its metadata, its keys and a token endpoint, which can be broken at will. */
export async function startBotService(
  now: () => Date,
  tenantId = '11111111-1111-4111-8111-111111111111',
  fateOf: (written: Written) => Fate = () => undefined,
): Promise<BotService> {
  const [appId, appSecret] = ['99999999-8888-4777-8666-555555555555', 'bot-secret'];
  const keys: BotService['keys'] = [{ key: await (firstKey ??= newKey()), endorsements: ['msteams', 'skype'] }];
  const asked = { metadata: 0, keys: 0, tokens: 0 };
  const instead: BotService['instead'] = {};
  const written: Written[] = [];
  const members: BotService['members'] = new Map();
  const metadata = (): Answer => {
    asked.metadata += 1;
    return instead.metadata ?? json({ issuer: 'https://api.botframework.com', jwks_uri: `${origin}/keys` });
  };
  const published = (): Answer => {
    asked.keys += 1;
    return instead.keys ?? json({ keys: keys.map(({ key, ...more }) => ({ ...toJwk(key), ...more })) });
  };
  const token = ({ body }: Asked): Answer => {
    asked.tokens += 1;
    const form = Object.fromEntries(new URLSearchParams(body));
    const right = { grant_type: 'client_credentials', client_id: appId, client_secret: appSecret, scope };
    if (instead.tokens) return instead.tokens;
    return Object.entries(right).every(([name, value]) => form[name] === value)
      ? json({ access_token: `token-${asked.tokens}`, expires_in: 3600, token_type: 'Bearer' })
      : (response) => response.writeHead(401).end('{"error":"invalid_client"}');
  };
  const activities = ({ request, body, found: [, conversationId = '', activityId] }: Asked): Answer => {
    const { authorization = '', 'x-caller': caller } = request.headers;
    const call: Written = {
      method: request.method ?? '',
      conversationId: decodeURIComponent(conversationId),
      ...(activityId !== undefined && { activityId: decodeURIComponent(activityId) }),
      token: /^Bearer (.*)$/.exec(authorization)?.[1],
      ...(caller !== undefined && { caller: String(caller) }),
      body: JSON.parse(body),
    };
    written.push(call);
    const id = `sent-${written.length}`;
    const fate = fateOf(call);
    return fate === undefined ? (instead.activities ?? json({ id })) : unanswered[fate];
  };
  const pageOfMembers = ({ request, found: [, conversationId = ''] }: Asked): Answer => {
    if (instead.members) return instead.members;
    const { searchParams } = new URL(request.url ?? '/', origin);
    const isAsked =
      searchParams.get('pageSize') === '500' && /^Bearer token-/.test(request.headers.authorization ?? '');
    if (!isAsked) return (response) => response.writeHead(400).end();
    const pages = members.get(decodeURIComponent(conversationId)) ?? [[{ id: '29:a', objectId: 'a', tenantId }]];
    const number = Number(searchParams.get('continuationToken') ?? 0);
    const isLast = number === pages.length - 1;
    return json({ members: pages[number], ...(!isLast && { continuationToken: String(number + 1) }) });
  };
  const routes: readonly [RegExp, (asked: Asked) => Answer][] = [
    [/^\/metadata$/, metadata],
    [/^\/keys$/, published],
    [/^\/token$/, token],
    [/^\/emea\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/, activities],
    [/^\/emea\/v3\/conversations\/([^/]+)\/pagedMembers\?/, pageOfMembers],
  ];
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      for (const [path, answer] of routes) {
        const found = path.exec(request.url ?? '');
        if (found) {
          answer({ request, body, found })(response);
          return;
        }
      }
      response.writeHead(404).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serviceHost = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${serviceHost}`;
  const [metadataUrl, tokenUrl, serviceUrl] = [`${origin}/metadata`, `${origin}/token`, `${origin}/emea/`];
  return {
    ...{ appId, appSecret, tenantId, metadataUrl, tokenUrl, serviceUrl, serviceHost, keys, asked, instead, written },
    members,
    settings: {
      ...{ TEAMS_APP_ID: appId, TEAMS_APP_SECRET: appSecret, TEAMS_OPENID_METADATA: metadataUrl },
      ...{ TEAMS_TOKEN_URL: tokenUrl, TEAMS_SERVICE_HOSTS: serviceHost },
    },
    mint: ({ claims, header, key = keys.at(-1)!.key, alg = 'RS256' } = {}) => {
      const seconds = Math.floor(now().getTime() / 1000);
      const usual = { iss: 'https://api.botframework.com', aud: appId, serviceurl: serviceUrl };
      const times = { nbf: seconds, exp: seconds + 3600 };
      return sign({ ...usual, ...times, ...claims }, { alg, kid: key.kid, typ: 'JWT', ...header }, key);
    },
    async stop() {
      server.closeAllConnections();
      await promisify(server.close.bind(server))();
    },
  };
}

async function sign(
  claims: unknown,
  header: { alg: string; [member: string]: unknown },
  key: TestKey,
): Promise<string> {
  const payload = Buffer.from(JSON.stringify(claims));
  if (header.alg === 'none')
    return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload.toString('base64url')}.`;
  const secret = Buffer.from(key.publicKey.export({ type: 'spki', format: 'pem' }));
  return new CompactSign(payload).setProtectedHeader(header).sign(header.alg === 'HS256' ? secret : key.privateKey);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
