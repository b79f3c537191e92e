import type { Role } from '../contract/requester.ts';
import { usage } from './line.ts';
import { type Verb, type VerbWord, verbs } from './verbs.ts';

/** Who asks for help, as `GET /api/me` tells it. */
export interface Asker {
  readonly roles: readonly string[];
  readonly endpoints: readonly {
    readonly name: string;
    readonly resourceId?: string | undefined;
    readonly port?: number | undefined;
  }[];
  /** Sets of the policy that are open to them. */
  readonly sets?: readonly string[] | undefined;
}

/** One thing that can be written. */
export interface HelpEntry {
  readonly usage: string;
  readonly sentence: string;
  readonly example: string;
}

/** What the asker may write; of one verb what is to be known of it. Who may not do a thing is not told of it. */
export function helpFor(
  asker: Asker,
  { inChat = false, about }: { inChat?: boolean; about?: string } = {},
): readonly HelpEntry[] {
  const all = Object.entries(verbs)
    .filter(([word, verb]) => isFor(asker, inChat, word, verb))
    .map(([word, verb]): [string, HelpEntry] => [word, entryOf(word, verb, asker)]);
  if (about !== undefined) return all.filter(([word]) => word === about).map(([, entry]) => entry);
  const check = holdsOneOf(asker, ['Check.Request']) ? [checkEntry(asker)] : [];
  return [...check, ...all.map(([, entry]) => entry)];
}

function isFor(asker: Asker, inChat: boolean, word: string, { roles, inChatOnly }: Verb): boolean {
  if (inChatOnly && !inChat) return false;
  if (word === ('set' satisfies VerbWord) && asker.sets?.length === 0) return false;
  return roles.length === 0 || holdsOneOf(asker, roles);
}

const holdsOneOf = (asker: Asker, roles: readonly Role[]): boolean => roles.some((role) => asker.roles.includes(role));

function entryOf(word: string, { usage: written, sentence, example }: Verb, { sets = [] }: Asker): HelpEntry {
  const [set] = sets;
  return { usage: written, sentence, example: word === 'set' && set !== undefined ? `set run ${set}` : example };
}

/** With the asker's own endpoints, so that the example works. */
function checkEntry({ endpoints }: Asker): HelpEntry {
  const source = endpoints.find(({ resourceId }) => resourceId !== undefined);
  const destination = endpoints.find(({ name, port }) => port !== undefined && name !== source?.name);
  return {
    usage,
    sentence: 'Checks whether the destination can be reached from the source.',
    example: `${source?.name ?? 'web-01'} ${destination?.name ?? 'sql-01:1433'}`,
  };
}
