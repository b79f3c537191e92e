import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRoute, decodePath } from '../../../../stand-ins/host/http/compile-route.ts';

describe('a route template', () => {
  test.each([
    ['api/checks', '/API/Checks/', {}],
    ['api/checks/{id}', '/api/checks/abc', { id: 'abc' }],
    ['api/checks/{id}/result', '/API/checks/Abc/Result', { id: 'Abc' }],
    ['api/checks/{id}', '/api/checks', undefined],
    ['api/checks/{id}', '/api/checks/a/b', undefined],
    ['/', '/', {}],
    ['/', '/a', undefined],
    ['.well-known/oauth', '/.well-known/oauth', {}],
    ['{*rest}', '/', { rest: '' }],
    ['files/{*rest}', '/files/a/b', { rest: 'a/b' }],
    ['files/{*rest}', '/file', undefined],
    ['a.b', '/aXb', undefined],
  ])('%s against %s gives %j', (template, path, parameters) => {
    expect(compileRoute(template).match(path)).toEqual(parameters);
  });

  test.each(['{id:int}', '{id:guid}', '{id?}', 'a{b}', '{}', '{1a}', '{**rest}'])(
    'refuses %s, which it would match otherwise',
    (template) => {
      expect(() => compileRoute(template)).toThrow('The local host does not know the route segment');
    },
  );

  test('ranks literal before free before the rest, segment by segment', () => {
    const templates = ['{*rest}', 'a/{*rest}', 'a/{b}/{*rest}', 'a/{b}/c', 'a/b'];
    const ranked = templates.toSorted((x, y) => compileRoute(x).rank.localeCompare(compileRoute(y).rank));
    expect(ranked).toEqual(templates.toReversed());
  });

  test('gives any text back that was put into a path, but for the slash, which stays an escape', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const path = decodePath(`/api/${encodeURIComponent(text)}`);
        expect(compileRoute('api/{text}').match(path)).toEqual({ text: text.replaceAll('/', '%2F') });
      }),
    );
  });

  test('never throws for a broken escape, and leaves it as it came', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('%', '2', 'f', 'E', 'z', '/') }), (text) => {
        expect(typeof decodePath(text)).toBe('string');
      }),
    );
    expect(decodePath('/a%20b/%zz/%C3')).toBe('/a b/%zz/%C3');
    expect(decodePath('/%252F%2f')).toBe('/%2F%2f');
  });
});
