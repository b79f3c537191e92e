import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/security.md', root), 'utf8');

/** Rows of the tables in a section, without their heads. */
function rowsOf(section: string): string[] {
  const [, rest = ''] = text.split(`\n## ${section}\n`);
  const lines = (rest.split('\n## ')[0] ?? '').split('\n');
  return lines.filter((line, i) => line.startsWith('| ') && !lines[i + 1]?.startsWith('|---'));
}

it.each([
  ['Threats', 26],
  ['OWASP API Security Top 10 (2023)', 10],
])('docs/security.md names tests that are there, in the last cell of every row of “%s”', (section, least) => {
  const rows = rowsOf(section);
  expect(rows.length).toBeGreaterThanOrEqual(least);
  for (const row of rows) {
    const cells = row.split(' | ');
    const named = [...(cells[2] ?? '').matchAll(/`(test\/[\w/-]+\.test\.ts)`: ((?:“[^“”]+”(?:, )?)+)/g)];
    expect([row, cells.length, named.length > 0]).toEqual([row, 3, true]);
    for (const [, file = '', names = ''] of named) {
      const source = readFileSync(new URL(file, root), 'utf8');
      for (const [, name = ''] of names.matchAll(/“([^“”]+)”/g))
        expect([file, source]).toEqual([file, expect.stringContaining(name)]);
    }
  }
});

it('docs/security.md leads to the rights and to the audit', () => {
  for (const other of ['#rights', 'audit.md']) expect(text).toContain(`](${other})`);
  expect(rowsOf('Rights').length).toBeGreaterThanOrEqual(19);
});
