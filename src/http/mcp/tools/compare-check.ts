import { z } from 'zod';
import { comparison } from '../../../check/compare/comparison.ts';
import { comparisonSchema } from '../../../contract/answer/comparison.ts';
import { bareWord } from '../../../line/bare-word.ts';
import { idIn } from '../../../line/id-in.ts';
import { renderComparison, type RenderedSide } from '../../../rendering/render-comparison.ts';
import { stateWords } from '../../../rendering/state.ts';
import { readWith } from '../../checks/compare-check.ts';
import { readId } from './read-id.ts';
import { givenText } from './read-words.ts';
import { idField, reads, tool } from './tool.ts';

/** What is not as it was. */
export const compareCheck = tool({
  name: 'compare_check',
  title: 'Compare a check',
  description: 'Says what has changed between a check that has ended and an earlier one of the same connection.',
  annotations: reads,
  roles: ['Check.Request', 'Audit.Read'],
  input: z.strictObject({
    id: idField,
    with: z
      .string()
      .optional()
      .describe('lastGood (when it worked last; the default), previous (the one before), or the id of a check.'),
  }),
  output: comparisonSchema,
  answer: async (deps, { actor }, { id, with: other }) => {
    const checkId = await readId(deps, actor, id);
    const given = givenText(other);
    const wanted = await readWith(deps, actor, given && wordOf(given));
    const found = await comparison(deps, actor, checkId, wanted);
    const { title, sentence, check, with: before, changes } = renderComparison(found, deps.publicUrl, wanted);
    return {
      structuredContent: { ...found },
      text: [
        ...[title, sentence, ...changes.map((change) => `- ${change}`)],
        `Now: ${sideText(check)}`,
        ...(before ? [`Then: ${sideText(before)}`] : []),
      ].join('\n'),
    };
  },
});

function wordOf(other: string): string {
  const word = bareWord(other.trim());
  return idIn(word) ?? word;
}

const sideText = ({ state, at, link }: RenderedSide): string =>
  [`${stateWords[state]} at ${at}`, link].filter((part) => part !== undefined).join(' ');
