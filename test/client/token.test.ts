import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressUnder, pathOfLink, readBase } from '../../src/client/address.ts';
import { NetcheckError } from '../../src/client/netcheck-error.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { checkId, everyCall, sampleRequest } from './every-call.ts';
import { type Said, scriptedProxy, type ScriptedProxy } from './scripted-proxy.ts';

let foreign: ScriptedProxy;
let proxy: ScriptedProxy;
let says: (path: string) => Said;

beforeAll(async () => {
  foreign = await scriptedProxy(() => ({ body: { value: [], error: { code: 'Foreign' } } }));
  proxy = await scriptedProxy(({ path }) => says(path));
});
afterAll(() => Promise.all([foreign.stop(), proxy.stop()]));
beforeEach(() => {
  proxy.asked.length = 0;
  proxy.pauses.length = 0;
});

const all = async (list: AsyncIterable<unknown>): Promise<unknown[]> => {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
};

describe('the token goes to the client’s url and nowhere else', () => {
  /** Links as a server could write them to be followed to another one. */
  const links = (): readonly string[] => {
    const host = foreign.url.slice('http:'.length);
    return [
      `${foreign.url}/api/next?after=x`,
      `${host}/api/next?after=x`,
      `${host.replaceAll('/', '\\')}\\api\\next?after=x`,
    ];
  };

  it.each(['list', 'sources', 'sets.list', 'audit.list'] as const)(
    'where the nextLink of %s names another server: its path and query are asked for here',
    async (name) => {
      const client = proxy.client();
      const lists = {
        ...{ list: () => client.list(), sources: () => client.sources() },
        ...{ 'sets.list': () => client.sets.list(), 'audit.list': () => client.audit.list() },
      };
      for (const nextLink of links()) {
        proxy.asked.length = 0;
        says = (path) => ({ body: path.includes('after') ? { value: [2] } : { value: [1], nextLink } });
        expect(await all(lists[name]())).toEqual([1, 2]);
        expect(proxy.asked.at(-1)).toMatchObject({
          path: '/api/next?after=x',
          headers: { authorization: 'Bearer secret-token' },
        });
      }
      expect(foreign.asked).toEqual([]);
    },
  );

  it('where the Link of an export does', async () => {
    for (const link of links()) {
      proxy.asked.length = 0;
      says = (path) => ({
        headers: path.includes('after') ? {} : { link: `<${link}>; rel="next"` },
        body: path.includes('after') ? 'two\n' : 'one\n',
      });
      expect(await all(proxy.client().audit.export({ format: 'ndjson' }))).toEqual(['one\n', 'two\n']);
      expect(proxy.paths()).toEqual(['GET /api/audit', 'GET /api/next?after=x']);
    }
    expect(foreign.asked).toEqual([]);
  });

  it('where Location, Operation-Location and Content-Location do', async () => {
    const elsewhere = `${foreign.url}/api/checks/${checkId}`;
    const ended = { id: checkId, status: 'Succeeded', counts: { running: 0 }, value: [] };
    says = () => ({
      status: 202,
      headers: { location: elsewhere, 'operation-location': elsewhere, 'content-location': elsewhere },
      body: ended,
    });
    for (const [, , make] of everyCall) await make(proxy.client(), {});
    expect(foreign.asked).toEqual([]);
    expect(proxy.asked.length).toBeGreaterThan(everyCall.length);
  });

  it.each([300, 301, 302, 303, 307, 308])('where the answer is a redirect with status %i', async (status) => {
    for (const location of [`${foreign.url}/api/checks`, '/api/elsewhere']) {
      says = () => ({ status, headers: { location }, body: '' });
      for (const [, name, make] of everyCall) {
        const error: unknown = await make(proxy.client(), {}).catch((refused: unknown) => refused);
        expect([name, error]).toEqual([name, expect.objectContaining({ code: 'UnexpectedAnswer', status })]);
        expect(error).toBeInstanceOf(NetcheckError);
      }
    }
    expect(foreign.asked).toEqual([]);
    expect(proxy.paths().filter((path) => path.includes('elsewhere'))).toEqual([]);
  });

  it.each(['mailto:someone', 'data:,@127.0.0.1/', 'javascript:alert(1)', 'http://[', 'about:blank'])(
    'where a link is %s: it is not followed',
    async (nextLink) => {
      says = () => ({ body: { value: [1], nextLink } });
      await expect(all(proxy.client().list())).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
      expect(proxy.asked).toHaveLength(1);
    },
  );

  it('whatever a link is', () => {
    const base = readBase('https://proxy.example/net');
    const schemes = fc.constantFrom('', 'https:', 'http:', 'data:', 'file:', 'ws:', '//', '\\\\', '/', '@', '.');
    const link = fc.oneof(
      fc.webUrl({ withQueryParameters: true, authoritySettings: { withUserInfo: true, withPort: true } }),
      fc.tuple(schemes, fc.string({ maxLength: 20 })).map((parts) => parts.join('')),
      fc.tuple(schemes, fc.stringMatching(/^[a-z./\\@:?#%2e]{0,20}$/)).map((parts) => parts.join('')),
    );
    const property = fc.property(link, (text) => {
      let followed: string;
      try {
        followed = addressUnder(base, pathOfLink(base, text, '/api/checks'));
      } catch (error) {
        expect(error).toBeInstanceOf(NetcheckError);
        return;
      }
      const { origin, pathname, username } = new URL(followed);
      expect([origin, username]).toEqual(['https://proxy.example', '']);
      expect(pathname).toMatch(/^\/net\//);
    });
    fc.assert(property, { numRuns: numRuns(5000) });
  });

  it('and under a path, nothing beside that', () => {
    const base = readBase('https://gateway.example/net/');
    const follow = (link: string) => addressUnder(base, pathOfLink(base, link, '/api/checks?top=2'));
    expect(follow('https://proxy.example/api/checks?after=x')).toBe('https://gateway.example/net/api/checks?after=x');
    expect(follow('https://gateway.example/net/api/checks?after=x')).toBe(
      'https://gateway.example/net/api/checks?after=x',
    );
    expect(follow('https://gateway.example/network/api')).toBe('https://gateway.example/net/network/api');
    expect(follow('/net/../other')).toBe('https://gateway.example/net/other');
    expect(follow('?after=x')).toBe('https://gateway.example/net/api/checks?after=x');
  });
});

describe('the token is sent', () => {
  it.each([
    'http://proxy.example',
    'http://127.0.0.1.example',
    'ftp://localhost',
    'https://user@proxy.example',
    'https://:secret@proxy.example',
    'https://proxy.example/?x=1',
    'https://proxy.example/#x',
    'proxy.example',
    '',
  ])('never to %s', (url) => {
    expect(() => proxy.client({ url })).toThrow(TypeError);
  });

  it.each(['https://proxy.example', 'http://localhost:7071', 'http://127.0.0.1', 'http://[::1]:80/net/'])(
    'to %s',
    (url) => {
      proxy.client({ url });
      proxy.client({ url: new URL(url) });
    },
  );

  it('as getToken tells it for each request, a promise or not', async () => {
    let count = 0;
    says = (path) => ({
      body: path.includes('after') ? { value: [] } : { value: [], nextLink: '/api/checks?after=x' },
    });
    await all(proxy.client({ getToken: () => Promise.resolve(`token-${++count}`) }).list());
    expect(proxy.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('not at all where there is none, or none that a header can have', async () => {
    says = () => ({});
    const failing = proxy.client({ getToken: () => Promise.reject(new Error('signed out')) });
    await expect(failing.me()).rejects.toThrow('signed out');
    for (const token of ['secret\r\nx-evil: 1', 'secret\u2026', '']) {
      const error: unknown = await proxy
        .client({ getToken: () => token })
        .submit(sampleRequest)
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).not.toContain('secret');
    }
    expect(proxy.asked).toEqual([]);
  });
});
