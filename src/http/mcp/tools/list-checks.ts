import { z } from 'zod';
import { list } from '../../../check/list.ts';
import { type CheckView, checkViewSchema } from '../../../contract/check.ts';
import { renderRow } from '../../../rendering/render-list.ts';
import { stateWords } from '../../../rendering/state.ts';
import { Problem } from '../../../contract/problem.ts';
import { bareWord } from '../../../line/bare-word.ts';
import { readDestination } from '../../../line/read-destination.ts';
import { checkOperations } from '../../checks/operations.ts';
import { readQuery } from '../../query/read-query.ts';
import { resourceOf } from '../../query/resource-of.ts';
import { givenText } from './read-words.ts';
import { withoutAzuresOwn } from './told-check.ts';
import { reads, tool, type ToolDeps } from './tool.ts';

const USUAL = 10;
const MOST = 50;

const { path, query: querySchema } = checkOperations.listChecks;

/** The same list as `GET /api/checks`. */
export const listChecks = tool({
  name: 'list_checks',
  title: 'List checks',
  description:
    'Lists the checks of the user (with the role Audit.Read: of everybody), newest first, without their paths.',
  annotations: reads,
  roles: ['Check.Request', 'Audit.Read'],
  input: z.strictObject({
    source: z.string().optional().describe('Only from there: the name of an endpoint or a source, or a resource id.'),
    destination: z
      .string()
      .optional()
      .describe(
        'Only to there: the name of an endpoint or a machine, a host name (of one label with a dot: db.), an address or a resource id. A port may follow, as in sql-01:1433.',
      ),
    status: z.string().optional().describe('Only those: NotStarted, Running, Succeeded, Failed or Canceled.'),
    top: z
      .int(`Give a number from 1 to ${MOST}.`)
      .min(1, `Give a number from 1 to ${MOST}.`)
      .max(MOST, `Give a number from 1 to ${MOST}.`)
      .optional()
      .describe(`How many; ${USUAL} where it is not said.`),
  }),
  output: z.strictObject({
    value: z.array(checkViewSchema.omit({ result: true })),
    more: z.boolean().describe('Whether there are older ones.'),
  }),
  answer: async (deps, { actor }, { source, destination, status, top = USUAL }) => {
    const words = { source: wordOf(source), ...placeOf(destination), status: wordOf(status) };
    const url = urlOf(deps, { ...words, top: String(top) });
    const asked = readQuery(querySchema, url);
    const { checks, next } = await list(deps, actor, { asked, top, resource: resourceOf(url) });
    return {
      structuredContent: { value: checks.map(withoutAzuresOwn), more: next !== undefined },
      text: textOf(deps, checks, next !== undefined),
    };
  },
});

/** The call of the HTTP API that lists the same: the words are read as it reads them, and the audit names it. */
function urlOf({ publicUrl }: ToolDeps, words: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(`/${path}`, publicUrl);
  for (const [name, word] of Object.entries(words)) if (word !== undefined) url.searchParams.set(name, word);
  return url.href;
}

function wordOf(text: string | undefined): string | undefined {
  const given = givenText(text)?.trim();
  return given && bareWord(given);
}

/** `DESTINATION[:PORT]` as in a line, but for the dot behind one label, which in searches makes it a host. */
function placeOf(text: string | undefined): { readonly destination?: string; readonly port?: string } {
  const word = wordOf(text);
  if (word === undefined) return {};
  if (text?.trim() === `${word}.` && !word.includes('.')) return { destination: `${word}.` };
  const read = readDestination(word);
  if (!read.ok) throw new Problem('InvalidRequest', `destination: ${read.message}`);
  return { destination: read.word, ...(read.port !== undefined && { port: String(read.port) }) };
}

function textOf({ publicUrl }: ToolDeps, checks: readonly CheckView[], isMore: boolean): string {
  if (checks.length === 0) return 'There are no such checks.';
  const rows = checks.map((check) => renderRow(check, publicUrl));
  return [
    ...rows.map(({ id, at, title, state }) => `${at} ${stateWords[state]}: ${title} (check ${id})`),
    ...(isMore ? ['There are older ones.'] : []),
  ].join('\n');
}
