import { z } from 'zod';
import { awaitEnd } from '../../../check/await-end.ts';
import { read, stillSeen } from '../../../check/read.ts';
import { LONGEST_WAIT_SECONDS } from './longest-wait.ts';
import { readId } from './read-id.ts';
import { toldCheck, toldCheckSchema } from './told-check.ts';
import { idField, reads, tool } from './tool.ts';

/** A check as it is, or as it has become within the wait. */
export const getCheck = tool({
  name: 'get_check',
  title: 'Show a check',
  description: 'Shows a check and its result. Waits up to 25 s for the end of one that runs.',
  annotations: reads,
  roles: ['Check.Request', 'Audit.Read'],
  input: z.strictObject({ id: idField }),
  output: toldCheckSchema,
  answer: async (deps, { actor }, { id }) => {
    const found = await read(deps, actor, await readId(deps, actor, id));
    const { check } = await awaitEnd(deps, actor.caller.requester.id, found, LONGEST_WAIT_SECONDS);
    return toldCheck(deps, check === found ? found : await stillSeen(deps, actor, check));
  },
});
