import { z } from 'zod';
import { awaitEnd } from '../../../check/await-end.ts';
import { askInWords } from '../../../check/asked/ask-in-words.ts';
import type { Check } from '../../../check/state/check.ts';
import { submit } from '../../../check/submit.ts';
import { warnAbout } from '../../../log/warn-about.ts';
import { LONGEST_WAIT_SECONDS } from './longest-wait.ts';
import { readWords } from './read-words.ts';
import { toldCheck, toldCheckSchema } from './told-check.ts';
import { askFields, tool, type ToolCall, type ToolDeps } from './tool.ts';

/** Asks for a check, and waits for its end as long as clients do. */
export const checkConnectivity = tool({
  name: 'check_connectivity',
  title: 'Check connectivity',
  description:
    'Tests now whether an Azure machine can reach a destination, by Azure Network Watcher, and says what is in the way and who can change it. Sends real probes, and is recorded in the audit under the name of the user. Where the test takes longer than 25 s, the answer says when to call get_check.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  roles: ['Check.Request'],
  input: z.strictObject({
    ...askFields,
    reason: z.string().optional().describe('Why, in the words of the user, for the audit: at most 500 characters.'),
  }),
  output: toldCheckSchema,
  answer: async (deps, call, words) => {
    const { actor, log } = call;
    const { asked, taken } = await askInWords(deps, { actor, ask: readWords(words) });
    const { check } = await submit({ ...deps, warn: warnAbout(log) }, actor, { asked });
    return toldCheck(deps, await awaited(deps, call, check), { taken });
  },
});

/** Whatever the wait meets, the check is accepted, and its requester needs its id. */
async function awaited(deps: ToolDeps, { actor, log }: ToolCall, accepted: Check): Promise<Check> {
  try {
    const { check } = await awaitEnd(deps, actor.caller.requester.id, accepted, LONGEST_WAIT_SECONDS);
    return check;
  } catch (error) {
    warnAbout(log)('The end of an accepted check could not be awaited.', error, { checkId: accepted.id });
    return accepted;
  }
}
