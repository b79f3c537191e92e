import { z } from 'zod';
import { foldCase } from '../../../arm/fold-case.ts';
import { meSchema } from '../../../contract/answer/me.ts';
import { sourceSchema, unreadableSchema } from '../../../contract/answer/source.ts';
import { applicableTo } from '../../../policy/applicable.ts';
import { listSources } from '../../../sources/list-sources.ts';
import { reads, tool } from './tool.ts';

/** Of each kind. */
const MOST = 100;

/** What one may name. */
export const listEndpoints = tool({
  name: 'list_endpoints',
  title: 'List endpoints and sources',
  description:
    'Lists what the user may name in a check: endpoints of the policy (destinations and sources), and the Azure machines that policy lets them test from.',
  annotations: reads,
  roles: ['Check.Request'],
  input: z.strictObject({
    search: z
      .string()
      .max(100, 'Give at most 100 characters.')
      .optional()
      .describe('Part of a name, in any letter case. Absent: all.'),
  }),
  output: z.strictObject({
    endpoints: meSchema.shape.endpoints,
    sources: z.array(sourceSchema),
    more: z.boolean().describe(`Whether there are more than ${MOST} of a kind: search for part of a name.`),
    unreadable: z.array(unreadableSchema).optional().describe('Subscriptions of which not everything could be read.'),
  }),
  answer: async (deps, { actor }, { search = '' }) => {
    const named = applicableTo(deps.policy, actor.caller).endpoints.filter(({ name }) =>
      foldCase(name).includes(foldCase(search)),
    );
    const { sources, next, unreadable } = await listSources(deps, actor, { search, top: MOST });
    const endpoints = named.slice(0, MOST);
    const isMore = named.length > MOST || next !== undefined;
    return {
      structuredContent: { endpoints, sources, more: isMore, ...(unreadable.length > 0 && { unreadable }) },
      text: [
        `Endpoints: ${namesIn(endpoints)}`,
        `Sources: ${namesIn(sources)}`,
        ...(isMore ? ['There are more: search for part of a name.'] : []),
        ...(unreadable.length > 0 ? ['Not everything could be read: there may be more.'] : []),
      ].join('\n'),
    };
  },
});

const namesIn = (places: readonly { readonly name: string }[]): string =>
  places.length === 0 ? 'none' : places.map(({ name }) => name).join(', ');
