import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../src/http/openapi/document.ts';
import type { Examples } from '../../../src/http/openapi/example.ts';
import type { OperationObject, ShownExample } from '../../../src/http/openapi/operation-object.ts';
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
  ...['getFlow closed', 'listSources byName', 'listAudit ofCheck', 'listAudit csv', 'makeCheckpoint now'],
  ...['verifyAudit lastDay', 'getMe alice', 'getHealth up', 'getReadiness ready', 'getApiCatalog catalog'],
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
    app = await copy.start({ AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: '200' });
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

  const hasExample = ({ requestBody }: OperationObject): boolean =>
    namesOf(requestBody?.content['application/json']?.examples).length > 0;

  /** Sends what the document shows under this name. */
  async function send(name: string, example: string, accept: string): Promise<Response> {
    const { method, path, operation } = described.get(name)!;
    const query = new URLSearchParams();
    let target = path;
    for (const parameter of operation.parameters) {
      if (!('name' in parameter) || !parameter.examples?.[example]) continue;
      const { value } = parameter.examples[example];
      if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, String(value));
      else for (const each of [value].flat()) query.append(parameter.name, String(each));
    }
    const body: ShownExample | undefined = operation.requestBody?.content['application/json']?.examples?.[example];
    const [role] = operation.security.flatMap((scheme) => scheme['entra'] ?? []);
    const token = tokens.get(role ?? 'Check.Request');
    return fetch(`${app.url}${withIds(target, ids)}?${withIds(query.toString(), ids)}`, {
      method,
      headers: {
        accept,
        ...(operation.security.length > 0 && { authorization: `Bearer ${token ?? ''}` }),
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
