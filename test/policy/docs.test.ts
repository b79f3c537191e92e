import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExpectations } from '../../scripts/policy/expectations.ts';
import { testPolicy } from '../../scripts/policy/test-policy.ts';
import { parsePolicy } from '../../src/policy/policy.ts';

const text = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const blocks = Array.from(text.matchAll(/```json\n([\s\S]*?)```/g), ([, json = '']) => json);
const policies = blocks.filter((json) => json.includes('"version"'));

describe('docs/policy.md', () => {
  it.each(policies)('shows policies without faults and warnings: %#', (json) => {
    expect(parsePolicy(json)).toMatchObject({ ok: true, warnings: [] });
  });

  it('shows expectations that hold for its three teams', () => {
    const parsed = parsePolicy(policies.at(-1) ?? '');
    const expectations = blocks.find((json) => json.startsWith('[')) ?? '';
    const results = parsed.ok ? testPolicy(parsed.policy, parseExpectations(expectations, parsed.policy)) : [];
    expect(results.map(({ why }) => why)).toEqual([undefined, undefined, undefined]);
  });
});
