import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../src/http/openapi/document.ts';
import type { Examples } from '../../../src/http/openapi/example.ts';
import type { OperationObject } from '../../../src/http/openapi/operation-object.ts';
import { operationNames, operations } from '../../../src/http/operations.ts';
import type { Operation } from '../../../src/http/operation.ts';
import { type AppCopy, copyApp } from '../../support/app/app-copy.ts';
import type { App } from '../../support/app/start-app.ts';
import { ownAccount } from '../../support/run/own-account.ts';
import { differences, type Ids, withIds } from './alike.ts';

const publicUrl = 'https://netcheck.contoso.com';
const document = openApiDocument({ publicUrl });

/** Every example, in an order in which each finds what it needs. */
const order = [
  ...['submitCheck dryRun', 'submitCheck submit', 'submitCheck submitAndWait', 'submitCheck faults'],
  ...['submitCheck denied', 'getCheck ended', 'getCheck unknown', 'getResult ended', 'listChecks unreachable'],
  ...['cancelCheck tooLate', 'rerunCheck again', 'compareCheck previous', 'shareCheck withOne', 'unshareCheck back'],
  ...[
    'getFlow closed',
    'listSources byName',
    'createSet eachWithEach',
    'getSet ended',
    'listSets newest',
    'rerunSet again',
    'cancelSet ended',
    'listAudit ofCheck',
    'listAudit csv',
    'makeCheckpoint now',
  ],
  ...['verifyAudit lastDay', 'getMe alice', 'getHealth up', 'getReadiness ready', 'getApiCatalog catalog'],
  ...['previewChatLink used', 'confirmChatLink used', 'listChatLinks none'],
  'beginConnectivityCheck atOnce',
  'callMcp explain',
];

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

const described = new Map(
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Described] => [
      operation.operationId,
      { method: method.toUpperCase(), path, operation },
    ]),
  ),
);

function examplesOf(name: string): Examples {
  const operation: Operation | undefined = Object.entries(operations).find(([each]) => each === name)?.[1];
  return operation?.examples ?? {};
}

const namesOf = (examples: object | undefined): string[] => Object.keys(examples ?? {});

/** The answers that an operation shows under this name. */
function shownAnswer({ responses }: OperationObject, name: string) {
  const found = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.entries(content).flatMap(([type, { examples }]) => {
      const example = examples?.[name];
      return example ? [{ status: Number(status), type, value: example.value }] : [];
    }),
  );
  expect([name, found.length]).toEqual([name, 1]);
  return found[0]!;
}

describe('the examples of the OpenAPI document', () => {
  let copy: AppCopy;
  let app: App;
  const ids: Ids = new Map();
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    copy = await copyApp();
    // A chat is set up, which nobody speaks to.
    const slack = { SLACK_SIGNING_SECRET: 's'.repeat(32), SLACK_BOT_TOKEN: 'xoxb-nobody', SLACK_TEAM_ID: 'T0TEAM' };
    const local = { AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: '200' };
    app = await copy.start({ ...local, ...slack, SLACK_API_URL: 'http://127.0.0.1:9/api' });
    for (const [user, role] of [
      ['alice', 'Check.Request'],
      ['carol', 'Audit.Read'],
    ] as const) {
      const asked = JSON.stringify({ user, roles: [role] });
      const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body: asked });
      tokens.set(role, ((await answer.json()) as { access_token: string }).access_token);
    }
  });
  afterAll(async () => {
    await app.stop();
    await copy.remove();
  });

  it('are these, and each operation with a body has one', () => {
    const all = operationNames.flatMap((name) => namesOf(examplesOf(name)).map((example) => `${name} ${example}`));
    expect(all.toSorted()).toEqual(order.toSorted());
    const withBody = [...described.values()].filter(({ operation }) => operation.requestBody);
    expect(withBody.filter(({ operation }) => !hasExample(operation)).map(({ path }) => path)).toEqual([]);
  });

  it('come with the document, which anybody gets from the app, and which its catalog names', async () => {
    const answer = await fetch(`${app.url}/api/openapi.json`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { servers: [{ url: app.url }] }]);
    const known = await fetch(answer.url, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const catalog = await fetch(`${app.url}/.well-known/api-catalog`, { method: 'HEAD' });
    const link = `<${app.url}/.well-known/api-catalog>; rel="api-catalog"`;
    expect([catalog.status, catalog.headers.get('link')]).toEqual([200, expect.stringContaining(link)]);
  });

  const hasExample = ({ requestBody }: OperationObject): boolean =>
    namesOf(requestBody?.content['application/json']?.examples).length > 0;

  /** Path and query as the document shows them under this name. */
  function targetOf({ path, operation }: Described, example: string): string {
    const query = new URLSearchParams();
    let target = path;
    for (const parameter of operation.parameters) {
      const shown = 'name' in parameter ? parameter.examples?.[example] : undefined;
      if (!('name' in parameter) || !shown) continue;
      if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, String(shown.value));
      else for (const each of [shown.value].flat()) query.append(parameter.name, String(each));
    }
    return withIds(`${target}?${query.toString()}`, ids);
  }

  /** Sends what the document shows under this name. */
  function send(name: string, example: string, accept: string): Promise<Response> {
    const { method, path, operation } = described.get(name)!;
    const body = operation.requestBody?.content['application/json']?.examples?.[example];
    const [role] = operation.security.flatMap((scheme) => scheme['entra'] ?? []);
    const token = tokens.get(role ?? 'Check.Request') ?? '';
    return fetch(`${app.url}${targetOf({ method, path, operation }, example)}`, {
      method,
      headers: {
        accept,
        ...(operation.security.length > 0 && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...examplesOf(name)[example]?.headers,
      },
      ...(body && { body: JSON.stringify(body.value) }),
    });
  }

  it.each(order.map((each) => each.split(' ') as [string, string]))('%s, %s: is answered so', async (name, example) => {
    const shown = shownAnswer(described.get(name)!.operation, example);
    const answer = await send(name, example, shown.type);
    const text = (await answer.text()).replaceAll(app.url, publicUrl);
    const value: unknown = shown.type === 'text/csv' ? text.replace(/^\uFEFF/, '') : JSON.parse(text);
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([shown.status, shown.type]);
    expect(differences(shown.value, value, ids)).toEqual([]);
  });
});
