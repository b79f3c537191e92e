import type { app as App } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answersOf } from '../../src/http/answers-of.ts';
import type { Operation } from '../../src/http/operation.ts';
import { operationNames, operations } from '../../src/http/operations.ts';
import { type Handlers, registerTriggers } from '../../src/triggers.ts';

const all = operationNames.map((name): [string, Operation] => [name, operations[name]]);

describe('the operations', () => {
  it('are the HTTP triggers, each with its method and path', () => {
    const registered: unknown[] = [];
    const app = {
      http: (name: string, { methods, route, authLevel }: Parameters<typeof App.http>[1] & { methods: string[] }) =>
        registered.push([name, ...methods, route, authLevel]),
      storageQueue: () => undefined,
      timer: () => undefined,
    };
    registerTriggers(app as unknown as typeof App, { http: {} } as Handlers);
    expect(registered).toEqual(all.map(([name, { method, path }]) => [name, method, path || '/', 'anonymous']));
  });

  it('have each a method and path of their own', () => {
    expect(new Set(all.map(([, { method, path }]) => `${method} ${path}`)).size).toBe(all.length);
  });

  it.each(all)(
    '%s can be written as JSON Schema, its query as an object, and every answer says what it is',
    (_, each) => {
      expect(z.toJSONSchema(each.query, { io: 'input' })).toMatchObject({ type: 'object' });
      if (each.body) expect(z.toJSONSchema(each.body, { io: 'input' })).toMatchObject({ type: 'object' });
      for (const form of [...answersOf(each).values()].flat()) {
        expect(form.description).not.toBe('');
        for (const schema of Object.values(form.content ?? {})) z.toJSONSchema(schema, { io: 'input' });
      }
    },
  );

  it('can be answered 401 and 403 where they need a token, and only there', () => {
    // What chats send is signed by the chat, and carries no token of a person's.
    const isSigned = (name: string): boolean => /^(?:slack|receiveTeams)/.test(name);
    for (const [name, operation] of all.filter(([each]) => !isSigned(each)))
      expect([...answersOf(operation).keys()].includes('401'), name).toBe(operation.roles !== undefined);
    expect(all.filter(([, { roles }]) => roles === undefined).map(([name]) => name)).toEqual([
      'slackCommands',
      'slackInteractions',
      'slackEvents',
      'receiveTeamsActivity',
      'getSignIn',
      'getHealth',
      'getReadiness',
      'getOpenApi',
      'getApiCatalog',
      'headApiCatalog',
      'getPage',
      'getPageFile',
      'openMcpStream',
      'endMcpSession',
      'getResourceMetadata',
      'getMcpResourceMetadata',
      'getCloudMetadata',
    ]);
  });
});
