import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryApp } from './memory-app.ts';

const agentOf = async (client: string): Promise<string | undefined> => {
  const app = memoryApp();
  const { json } = await app.submit({ headers: { 'x-netcheck-client': client } });
  await app.drain();
  const requesters = [json.requester, ...app.audit.events().map(({ requester }) => requester)];
  const [agent, ...others] = new Set(
    requesters.map((requester) => ('agent' in requester ? requester.agent : undefined)),
  );
  expect(others).toEqual([]);
  expect(requesters.every((requester) => 'via' in requester && requester.via === 'http')).toBe(true);
  return typeof agent === 'string' ? agent : undefined;
};

describe('what a client says it is', () => {
  it.each(['cli/1.2.3', 'web/1.2.3-beta.1+build', `cli/${'9'.repeat(40)}`])(
    '%s is the agent in the check and its audit, and the door stays http',
    async (client) => {
      expect(await agentOf(client)).toBe(client);
    },
  );

  it.each([
    'slack/1.0',
    'cli/',
    'cli',
    'CLI/1.2.3',
    'cli/1.2.3, web/1.2.3',
    'cli/1_2',
    'xcli/1',
    `web/${'9'.repeat(41)}`,
  ])('%j is none', async (client) => {
    expect(await agentOf(client)).toBeUndefined();
  });

  it('never has a sign that a log, a table or a page could stumble over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^(cli|web)\/[ -~]{0,45}$/), async (client) => {
        expect((await agentOf(client)) ?? 'cli/1').toMatch(/^(cli|web)\/[A-Za-z0-9.+-]{1,40}$/);
      }),
    );
  });

  it('is believed for nothing: the same check is answered, whatever it says', async () => {
    const app = memoryApp();
    const key = { 'idempotency-key': 'one' };
    const first = await app.submit({ headers: { ...key, 'x-netcheck-client': 'cli/1.2.3' } });
    const second = await app.submit({ headers: { ...key, 'x-netcheck-client': 'web/1.2.3' } });
    expect(second.json).toEqual(first.json);
    const { json } = await app.ask('GET /api/me', { headers: { 'x-netcheck-client': 'web/1.2.3' } });
    expect(json.requester).toEqual({ ...first.json.requester, agent: 'web/1.2.3' });
  });
});
