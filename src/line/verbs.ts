import { nearest } from '../contract/text/nearest.ts';
import type { Role } from '../contract/requester.ts';
import type { Line } from './line.ts';

export type VerbWord = Exclude<Line['verb'], 'check'>;

/** A first word that makes another line of it than a check. */
export interface Verb {
  readonly usage: string;
  readonly sentence: string;
  readonly example: string;
  /** Who holds one of them may use it; none: everybody. */
  readonly roles: readonly Role[];
  readonly inChatOnly?: true;
}

const readers: readonly Role[] = ['Check.Request', 'Audit.Read'];

export const verbs: Readonly<Record<VerbWord, Verb>> = {
  show: {
    usage: 'show ID',
    sentence: 'A check as it stands now.',
    example: 'show 3f2a9c1e',
    roles: readers,
  },
  again: {
    usage: 'again ID [because REASON …]',
    sentence: 'Asks the same again: a new check.',
    example: 'again 3f2a9c1e because the rule was mended',
    roles: ['Check.Request'],
  },
  compare: {
    usage: 'compare ID [lastGood|previous|ID]',
    sentence: 'What is not as it was when it worked last, or in the check before.',
    example: 'compare 3f2a9c1e previous',
    roles: readers,
  },
  flow: {
    usage: 'flow SOURCE DESTINATION[:PORT] [tcp|icmp|http|https]',
    sentence: 'When this worked last, when it failed first after that, and what changed between.',
    example: 'flow web-01 sql-01:1433',
    roles: readers,
  },
  share: {
    usage: 'share ID [OBJECT-ID …]',
    sentence: 'Lets others read a check of yours for 7 days: the persons named or, without them, whoever has its id.',
    example: 'share 3f2a9c1e',
    roles: ['Check.Request'],
  },
  list: {
    usage: 'list',
    sentence: 'The newest checks that you asked for.',
    example: 'list',
    roles: readers,
  },
  cancel: {
    usage: 'cancel ID',
    sentence: 'Ends a check that runs.',
    example: 'cancel 3f2a9c1e',
    roles: ['Check.Request', 'Check.Admin'],
  },
  set: {
    usage: 'set run NAME [because REASON …]',
    sentence: 'Checks all flows of a set of the policy.',
    example: 'set run shop',
    roles: ['Check.Request'],
  },
  endpoints: {
    usage: 'endpoints [TEXT]',
    sentence: 'What you may name: endpoints of the policy, and sources.',
    example: 'endpoints web',
    roles: ['Check.Request'],
  },
  me: {
    usage: 'me',
    sentence: 'Who you are to the proxy, what you may test, and what is left of your limits.',
    example: 'me',
    roles: [],
  },
  link: {
    usage: 'link',
    sentence: 'Links this chat account with you, so that you can ask from here. On the page, under Me, you end it.',
    example: 'link',
    roles: [],
    inChatOnly: true,
  },
  help: {
    usage: 'help [COMMAND]',
    sentence: 'What you can write.',
    example: 'help compare',
    roles: [],
  },
};

const words = new Map(Object.keys(verbs).map((word) => [word, word]));

/** The verb that a word is, in any letter case. */
export function verbOf(word: string): VerbWord | undefined {
  const found = words.get(word.toLowerCase());
  return found !== undefined && isVerb(found) ? found : undefined;
}

const isVerb = (word: string): word is VerbWord => Object.hasOwn(verbs, word);

/** The verb that a mistyped word was probably meant to be. Its opposite, such as `unlink`, was not. */
export const nearVerb = (word: string): string | undefined =>
  verbOf(word.replace(/^un-?/i, '')) === undefined ? nearest(word, Object.keys(verbs)) : undefined;
