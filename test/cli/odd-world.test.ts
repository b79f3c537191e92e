import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorOf } from '../../src/client/answer.ts';
import { asCliError } from '../../src/cli/cli-error.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { type Home, netcheck, newHome, start, withAz } from './netcheck.ts';
import { type ScriptedServer, sends, startScripted } from './scripted-server.ts';

let home: Home;
let server: ScriptedServer;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startScripted();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.forget();
  home = await newHome();
  env = { ...home.env, NETCHECK_URL: server.url, NETCHECK_TOKEN: 'a.b.c' };
});

const run = (...words: string[]) => netcheck(words, { env });
const withoutToken = () => ({ ...home.env, NETCHECK_URL: server.url });
// eslint-disable-next-line no-control-regex -- what a terminal could obey.
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const evil = 'a\u001b[2Jb\u009b31mc\u007fd\u202ee';
const me = { requester: { id: 'x', name: evil }, roles: [], rules: [], endpoints: [], limits: [] };

describe('Whatever answers', () => {
  it.each([
    ['texts that are none', { code: 'Odd', message: 5, details: 'none', requestId: 7 }],
    [
      'faults that are none',
      { code: 'InvalidRequest', message: 'm', details: [null, 3, { message: 3 }, { code: 'x', message: 'the fault' }] },
    ],
    ['what a terminal obeys', { code: evil, message: evil, target: [], details: [{ code: 'x', message: evil }] }],
  ])('its error is one JSON document, and words: %s', async (_what, error) => {
    server.answers['/api/me'] = sends({ error }, 400);
    const [inJson, inWords] = [await run('me', '--json'), await run('me')];
    expect(JSON.parse(inJson.stdout)).toMatchObject({ error: { code: error.code, message: expect.any(String) } });
    expect([inJson.code, inJson.stderr, inWords.stdout]).toEqual([inWords.code, '', '']);
    expect(inWords.stderr).toMatch(/^[^{]+\n$/);
    for (const each of [inJson.stdout, inWords.stderr]) expect(each).not.toMatch(obeyed);
  });

  it('is an error with a code and a message, whatever JSON it is', () => {
    const shape = fc.record({
      code: fc.string(),
      message: fc.jsonValue(),
      details: fc.jsonValue(),
      target: fc.jsonValue(),
    });
    fc.assert(
      fc.property(shape, (error) => {
        const body = new TextEncoder().encode(JSON.stringify({ error })).buffer;
        const read = errorOf({ status: 400, headers: new Headers(), body }, new Date(0));
        const { code, message } = asCliError(read);
        expect([code, typeof message]).toEqual([error.code, 'string']);
      }),
      { numRuns: numRuns(200) },
    );
  });

  it('says nothing to the terminal by JSON, which reads back as it was', async () => {
    server.answers['/api/me'] = sends(me);
    const { code, stdout } = await run('me', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, me]);
    expect(stdout).not.toMatch(obeyed);
  });

  it('is named where nothing did', async () => {
    const { code, stderr } = await run('me', '--url', 'http://127.0.0.1:1');
    expect([code, stderr]).toEqual([1, expect.stringContaining('gave no answer: connect ECONNREFUSED')]);
  });
});

describe('A token', () => {
  it.each(['secret\nx-evil: 1', 'secret\u2026', 'secret secret'])(
    'that is none is neither sent nor told: %j',
    async (token) => {
      for (const how of [
        await run('me', '--json', '--token', token),
        await netcheck(['me'], { env: { ...env, NETCHECK_TOKEN: token } }),
      ]) {
        expect([how.code, how.stdout + how.stderr]).toEqual([4, expect.not.stringContaining('secret')]);
      }
      expect(server.asked).toEqual([]);
    },
  );

  it('that is empty is not replaced by another', async () => {
    expect([(await run('me', '--token', '')).code, server.asked]).toEqual([2, []]);
  });

  it('that is given goes to no proxy that was not said', async () => {
    const file = join(home.folder, 'state/netcheck/sessions.json');
    await mkdir(dirname(file), { recursive: true });
    const tokens = { accessToken: 'kept', expiresAt: Date.now() + 3_600_000 };
    await writeFile(
      file,
      JSON.stringify({ [server.url]: { authority: 'https://a.example', scope: 'api://a/u', tokens } }),
    );
    server.answers['/api/me'] = sends(me);
    expect((await netcheck(['me', '--token', 'of.another.proxy'], { env: home.env })).code).toBe(2);
    expect((await netcheck(['me'], { env: { ...home.env, NETCHECK_TOKEN: 'of.another.proxy' } })).code).toBe(2);
    expect((await netcheck(['me'], { env: home.env })).code).toBe(0);
    expect(server.asked.map(({ authorization }) => authorization)).toEqual(['Bearer kept']);
  });

  it('of the Azure CLI is asked for with the scope as it was confirmed, letter case and all', async () => {
    server.answers['/api/sign-in'] = sends({
      authority: 'https://login.example.com',
      scope: 'api://Contoso.com/App/user',
    });
    await withAz(home, 'token-of-az');
    expect((await netcheck(['login'], { env: withoutToken(), stdin: 'y\n' })).code).toBe(0);
    expect(await readFile(join(home.folder, 'az-asked'), 'utf8')).toContain('--scope api://Contoso.com/App/.default ');
  });
});

describe('What is not understood', () => {
  it.each([
    ['web-01 10.1.2.4:22 --timeout abc'],
    ['web-01 10.1.2.4:22 --timeout 0'],
    ['again 11111111 --timeout -1'],
    ['set run shop --timeout 1.5'],
    ['set rerun 11111111 --timeout abc'],
    ['set cancel 11111111 --timeout 5'],
    ['set show 11111111 --reason x'],
    ['share 11111111 11111111-2222-4333-8444-555555555555 --undo'],
    ['audit list --out x.csv'],
    ['audit export --out x.csv --top 5'],
    ['audit verify --export x.ndjson'],
    ['audit verify --from 2026-04-01 --to 2026-03-01'],
    ['audit verify --from 2999-01-01'],
    ['login now'],
    ['logout now'],
  ])('asks for nothing: %s', async (line) => {
    const { code, stdout } = await run(...line.split(' '), '--json');
    expect([code, JSON.parse(stdout)]).toEqual([2, { error: { code: 'Usage', message: expect.any(String) } }]);
    expect(server.asked).toEqual([]);
  });

  it('in the file of sessions concerns who needs a session alone', async () => {
    const file = join(home.folder, 'state/netcheck/sessions.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{');
    for (const word of ['help', 'version']) expect((await netcheck([word], { env: home.env })).code).toBe(0);
    const { code, stderr } = await netcheck(['me'], { env: home.env });
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be read: delete it')]);
  });
});

describe('Ctrl-C', () => {
  it.each([
    ['a question', ['login'], '[y/N] '],
    ['a set that is typed', ['set', 'run', '-'], ''],
  ])('ends the wait for %s, with one JSON document', async (_what, words, said) => {
    server.answers['/api/sign-in'] = sends({ authority: 'https://login.example.com', scope: 'api://own/user' });
    const running = start([...words, '--json'], { env: withoutToken(), isOpen: true });
    if (said === '') await new Promise((resolve) => setTimeout(resolve, 1500));
    else await running.says(said);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([130, { error: { code: 'Interrupted' } }]);
  });
});

describe('A sign-in', () => {
  const signIn = async () => {
    const endpoints = { authorization_endpoint: `${server.url}/authorize`, token_endpoint: `${server.url}/token` };
    server.answers['/api/sign-in'] = sends({ authority: server.url, clientId: 'c', scope: 'api://own/user' });
    server.answers['/.well-known/openid-configuration'] = sends({ issuer: 'https://issuer.example', ...endpoints });
    const running = start(['login', '--json'], { env: withoutToken(), stdin: 'y\n' });
    await running.says('Sign in at ');
    const query = new URL(/Sign in at (\S+)/.exec(running.said())?.[1] ?? '').searchParams;
    return { running, redirect: query.get('redirect_uri') ?? '', state: query.get('state') ?? '' };
  };

  it('shows what the authority says to no terminal as it came, and outlives what is no address', async () => {
    const { running, redirect, state } = await signIn();
    const socket = connect(Number(new URL(redirect).port), '127.0.0.1');
    socket.end('GET // HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('404');
    const back = new URLSearchParams({ error: 'access_denied', error_description: `${evil}\r\nTrace ID: 1`, state });
    await fetch(`${redirect}/?${back.toString()}`);
    const { code, stdout } = await running.ended;
    expect([code, stdout]).toEqual([4, expect.not.stringMatching(obeyed)]);
    const { error } = JSON.parse(stdout) as { error: { message: string } };
    expect(error.message).toBe(
      String.raw`The sign-in ended with access_denied: a\u001b[2Jb\u009b31mc\u007fd\u202ee Trace ID: 1`,
    );
  });
});
