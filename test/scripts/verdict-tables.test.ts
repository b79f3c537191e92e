import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withVerdictTables } from '../../scripts/verdicts/verdict-tables.ts';
import { issueMeanings } from '../../src/verdict/issue/issue-meanings.ts';

const page = readFileSync(new URL('../../docs/verdicts.md', import.meta.url), 'utf8');

it('docs/verdicts.md is what scripts/verdict-tables.ts writes', () => {
  expect(page).toBe(withVerdictTables(page));
});

it('docs/verdicts.md has a row for every issue, with what to do and who, and no place left open', () => {
  for (const { code, owner } of issueMeanings)
    expect(page).toMatch(new RegExp(`^\\| \`${code}\`.* \\| ${owner} \\|$`, 'm'));
  expect(page).not.toMatch(/\{\w+\}.*\|$/m);
});
