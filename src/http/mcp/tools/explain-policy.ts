import { z } from 'zod';
import { askInWords } from '../../../check/asked/ask-in-words.ts';
import { tryOut } from '../../../check/asked/try-out.ts';
import { dryRunSchema } from '../../../contract/answer/dry-run.ts';
import { readWords } from './read-words.ts';
import { askFields, reads, tool } from './tool.ts';

/** What the proxy would decide. Its "no" is an answer. */
export const explainPolicy = tool({
  name: 'explain_policy',
  title: 'Explain the policy',
  description:
    'Says whether policy would let the user test this connection, by which rule and why, without testing anything.',
  annotations: reads,
  roles: ['Check.Request'],
  input: z.strictObject(askFields),
  output: dryRunSchema.extend({ taken: z.string().describe('What the words of the request were taken for.') }),
  answer: async (deps, { actor }, words) => {
    const { asked, taken } = await askInWords(deps, { actor, ask: readWords(words), isDryRun: true });
    const explained = await tryOut(deps, actor, asked);
    const { decision, warnings = [] } = explained;
    return {
      structuredContent: { ...explained, taken },
      text: [
        `${decision.allowed ? 'Allowed' : 'Refused'}: ${decision.reason}`,
        taken,
        ...warnings.map(({ message }) => `Warning: ${message}`),
        'Nothing was tested.',
      ].join('\n'),
    };
  },
});
