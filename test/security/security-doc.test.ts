import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/security.md', root), 'utf8');

it('docs/security.md names tests that are there, in every row of its threats', () => {
  const threats = text.slice(text.indexOf('## Threats'), text.indexOf('## OWASP'));
  const rows = threats.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| threat'));
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) {
    const named = [...row.matchAll(/`(test\/[\w/-]+\.test\.ts)`: ((?:“[^“”]+”(?:, )?)+)/g)];
    expect([row, named.length > 0]).toEqual([row, true]);
    for (const [, file = '', names = ''] of named) {
      const source = readFileSync(new URL(file, root), 'utf8');
      for (const [, name = ''] of names.matchAll(/“([^“”]+)”/g))
        expect([file, source]).toEqual([file, expect.stringContaining(name)]);
    }
  }
});
