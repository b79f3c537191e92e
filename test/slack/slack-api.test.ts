import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSlackApi } from '../../src/slack/slack-api.ts';
import { startLoopbackServer } from '../../stand-ins/server/start-loopback-server.ts';

const botToken = 'xoxb-token-of-the-slack-app';
let asked: { readonly url: string | undefined; readonly authorization: string | undefined }[];
let answer: (response: ServerResponse, request: IncomingMessage) => void;
let server: Awaited<ReturnType<typeof startLoopbackServer>>;

beforeEach(async () => {
  asked = [];
  server = await startLoopbackServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    answer(response, request);
    return Promise.resolve();
  });
});
afterEach(() => server.stop());

let warned: unknown[];
const api = () => {
  warned = [];
  const slack = { signingSecrets: [], botToken, teamId: 'T1', apiUrl: `${server.url}/api` };
  return createSlackApi({ slack, fetch, warn: (...given) => warned.push(...given) });
};

it('a redirect is not followed: neither the token nor an answer goes elsewhere', async () => {
  for (const status of [301, 302, 307, 308]) {
    asked = [];
    answer = (response) => response.writeHead(status, { location: `${server.url}/elsewhere` }).end();
    expect(await api().post('chat.postMessage', {})).toMatchObject({ kind: 'failed' });
    expect(await api().ask('users.info', {})).toMatchObject({ kind: 'failed' });
    expect(await api().answer(`${server.url}/commands/1`, {})).toMatchObject({ kind: 'failed' });
    expect(asked.map(({ url }) => url)).toEqual(['/api/chat.postMessage', '/api/users.info', '/commands/1']);
  }
});

it('the token goes to methods alone, not to the address that came with a message', async () => {
  answer = (response) => response.end('{"ok":true}');
  expect(await api().post('chat.postMessage', {})).toMatchObject({ kind: 'ok' });
  expect(await api().answer(`${server.url}/commands/1`, {})).toMatchObject({ kind: 'ok' });
  expect(asked.map(({ authorization }) => authorization)).toEqual([`Bearer ${botToken}`, undefined]);
});

it('what Slack cannot do now is told as that, with the time that it asks for; what it refuses by its word', async () => {
  answer = (response) => response.writeHead(429, { 'retry-after': '17' }).end('{"ok":false,"error":"ratelimited"}');
  expect(await api().post('chat.postMessage', {})).toMatchObject({ kind: 'failed', retryAfterSeconds: 17 });
  answer = (response) => response.end('{"ok":false,"error":"channel_not_found"}');
  expect(await api().post('chat.postMessage', {})).toEqual({ kind: 'refused', code: 'channel_not_found' });
  expect(await api().answer(`${server.url}/commands/1`, {})).toEqual({ kind: 'refused', code: 'channel_not_found' });
  answer = (response) => response.end('<html>');
  expect(await api().post('chat.postMessage', {})).toMatchObject({ kind: 'failed' });
});

it('nothing of an address that is a secret, and nothing of a message, is in what is told of trouble', async () => {
  answer = (response) => response.destroy();
  const slack = api();
  const told = [
    await slack.answer(`${server.url}/commands/secret`, { text: 'secret' }),
    await slack.post('chat.postMessage', { text: 'secret' }),
    await slack.ask('users.info', { user: 'U0SECRET' }),
  ];
  expect(told).toMatchObject([{ kind: 'failed' }, { kind: 'failed' }, { kind: 'failed' }]);
  expect(warned).not.toEqual([]);
  expect(JSON.stringify([told, warned.map(String)])).not.toMatch(/secret|xoxb/i);
});
