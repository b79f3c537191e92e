import { expect, test } from 'vitest';
import { failureAdvice } from '../../../src/check/state/failure-advice.ts';
import { armRules } from '../../../src/check/state/retry-rules.ts';
import { inside } from '../../../src/verdict/words/inside.ts';
import { issueMeanings } from '../../../src/verdict/issue/issue-meanings.ts';
import { statusMeanings } from '../../../src/verdict/status-reasons.ts';

const meanings = [...issueMeanings, ...Object.values(statusMeanings), ...armRules];
// A summary has the cause of anybody's, and the action of the requester's.
const sentences = [
  ...meanings.map(({ message }) => message),
  ...[...meanings, ...Object.values(failureAdvice)].flatMap(({ owner, action }) =>
    owner === 'requester' ? action : [],
  ),
];
const names = ['Azure', 'NSG'];

test.each([...new Set(sentences)])('%j begins within a sentence as it should.', (sentence) => {
  const [first = ''] = sentence.split(/[ ']/);
  const isName = names.includes(first) || /^[{`]/.test(first);
  expect(inside(sentence)).toBe(`${isName ? first : first.toLowerCase()}${sentence.slice(first.length, -1)}`);
});
