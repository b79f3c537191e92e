import { bareWord } from './bare-word.ts';
import { idIn } from './id-in.ts';
import { type Fault, fault, type Line, type ReadLine, usage } from './line.ts';
import { readAsk, readReason } from './read-ask.ts';
import { shown } from './read-destination.ts';
import { protocolOf, whyNoProtocol } from './read-protocol.ts';
import { type Pasted, undoPaste } from './undo-paste.ts';
import { nearVerb, verbOf, type VerbWord, verbs } from './verbs.ts';

const LONGEST_LINE = 4_000;

/** A line in words; a reason is not cut into any. */
interface Cut {
  readonly words: readonly string[];
  readonly reason?: string;
}

/**
 * Reads what somebody wrote in a terminal, a chat or a form. Names are left as words: `requestsOf` says what they can
 * stand for. What was pasted is undone: links and signs of chat clients, quotes, blanks that are none, punctuation.
 */
export function parseLine(text: string, pasted: Pasted = {}): ReadLine {
  if (text.length > LONGEST_LINE) return fault(`A line has at most ${LONGEST_LINE} characters: shorten it.`);
  const { words, reason } = cut(undoPaste(text, pasted));
  const [first = '', ...rest] = words;
  if (first === '') return fault(`Write ${usage}, or help.`);
  const verb = verbOf(first);
  return verb === undefined ? readCheck(words, reason) : readVerb(verb, rest, reason);
}

/** Of a check the reason begins behind two words at least: before that `because` is a name. */
function cut(text: string): Cut {
  const found = [...text.matchAll(/\S+/gu)];
  const because = found.find(([word], index) => index > 1 && /^because$/i.test(bareWord(word)));
  const before = because === undefined ? found : found.slice(0, found.indexOf(because));
  const words = before.map(([word]) => bareWord(word)).filter((word) => word !== '');
  return because === undefined ? { words } : { words, reason: text.slice(because.index + because[0].length) };
}

/** `web-01 -> db:1433` */
const isArrow = (word: string): boolean => /^(?:[-–—=~]*[>→➡⇒»]+|[-–—=]+)$/u.test(word);

function readCheck(words: readonly string[], reason: string | undefined): ReadLine {
  // Nothing may be left out by itself: a machine can be named so.
  if (words.length > 2 && /^(?:from|can)$/i.test(words[0] ?? ''))
    return fault(`Leave ${shown(words[0] ?? '')} and the like out: write ${usage}.`);
  const read = readWords(words, reason);
  if (read.ok) return { ok: true, line: { verb: 'check', ...read.ask } };
  const [first = '', second] = words;
  const near = nearVerb(first);
  if (near === undefined) return read;
  return second === undefined ? unknownVerb(first) : fault(`${read.message} Or did you mean ${shown(near)}?`);
}

function readWords(words: readonly string[], reason: string | undefined): ReturnType<typeof readAsk> {
  const [source = '', destination, protocol, ...more] = words.filter((word, index) => index !== 1 || !isArrow(word));
  if (destination === undefined) return fault(`${shown(source)} alone is no check: write ${usage}, or help.`);
  const extra = [protocol, ...more].find((word, index) => word !== undefined && (index > 0 || !protocolOf(word)));
  if (extra !== undefined) return whyNoProtocol(extra, destination);
  return readAsk({ source, destination, protocol, reason });
}

type ReadVerb = (words: readonly string[], reason: string | undefined, verb: VerbWord) => ReadLine;

function readVerb(verb: VerbWord, words: readonly string[], reason: string | undefined): ReadLine {
  if (reason !== undefined && !verbs[verb].usage.includes('REASON'))
    return fault(`${shown(verb)} takes no reason: write ${verbs[verb].usage}.`);
  return readers[verb](words, reason, verb);
}

const alone =
  (line: Line): ReadVerb =>
  (words, _, verb) =>
    noMore(words, verb) ?? { ok: true, line };

const readId =
  (verb: 'show' | 'cancel'): ReadVerb =>
  ([word, ...more]) =>
    withId(word, verb, (id) => noMore(more, verb) ?? { ok: true, line: { verb, id } });

const readers: Readonly<Record<VerbWord, ReadVerb>> = {
  show: readId('show'),
  cancel: readId('cancel'),
  again: ([word, ...more], text) =>
    withId(word, 'again', (id) => {
      const read = noMore(more, 'again') ?? readReason(text);
      return read.ok ? { ok: true, line: { verb: 'again', id, ...reasonOf(read) } } : read;
    }),
  compare: ([word, other, ...more]) =>
    withId(word, 'compare', (id) => {
      if (other === undefined) return { ok: true, line: { verb: 'compare', id } };
      const side = otherSide(other);
      if (side === undefined)
        return fault(`${shown(other)} is nothing to compare with: give lastGood, previous or an id.`);
      return noMore(more, 'compare') ?? { ok: true, line: { verb: 'compare', id, with: side } };
    }),
  share: ([word, ...people]) =>
    withId(word, 'share', (id) => {
      const odd = people.find((each) => !isObjectId(each));
      if (odd !== undefined) return fault(`${shown(odd)} is no object id: give the object ids of persons, or none.`);
      const to = people.map((each) => each.toLowerCase());
      return { ok: true, line: { verb: 'share', id, ...(to.length === 0 ? {} : { to }) } };
    }),
  flow: (words) => {
    if (words.length < 2) return fault(`Say from where to where: write ${verbs.flow.usage}.`);
    const read = readWords(words, undefined);
    return read.ok ? { ok: true, line: { verb: 'flow', ...read.ask } } : read;
  },
  set: ([run = '', name, ...more], text) => {
    if (!/^run$/i.test(run) || name === undefined) return fault(`Say which set to run: write ${verbs.set.usage}.`);
    if (!/^[\p{L}\p{N}_.-]{1,64}$/u.test(name))
      return fault(`${shown(name)} is no name of a set: it has up to 64 letters, digits and _ . -.`);
    const read = noMore(more, 'set') ?? readReason(text);
    return read.ok ? { ok: true, line: { verb: 'set', name, ...reasonOf(read) } } : read;
  },
  endpoints: ([search, ...more]) =>
    noMore(more, 'endpoints') ?? {
      ok: true,
      line: { verb: 'endpoints', ...(search === undefined ? {} : { search }) },
    },
  list: alone({ verb: 'list' }),
  me: alone({ verb: 'me' }),
  link: alone({ verb: 'link' }),
  help: ([about, ...more]) => {
    if (about === undefined) return { ok: true, line: { verb: 'help' } };
    const verb = verbOf(about);
    if (verb === undefined) return unknownVerb(about);
    return noMore(more, 'help') ?? { ok: true, line: { verb: 'help', about: verb } };
  },
};

function unknownVerb(word: string): Fault {
  const near = nearVerb(word);
  const instead = near === undefined ? 'write help for all there is.' : `did you mean ${shown(near)}?`;
  return fault(`There is no ${shown(word)}: ${instead}`);
}

function withId(word: string | undefined, verb: VerbWord, then: (id: string) => ReadLine): ReadLine {
  if (word === undefined)
    return fault(`Say which check: write ${verbs[verb].usage}, with the first 8 or more characters of its id.`);
  const id = idIn(word);
  return id === undefined
    ? fault(
        `${shown(word)} is no id of a check: give its first 8 or more characters, which are digits and the letters a to f.`,
      )
    : then(id);
}

const noMore = ([word]: readonly string[], verb: VerbWord): Fault | undefined =>
  word === undefined ? undefined : fault(`${shown(word)} is too much: write ${verbs[verb].usage}.`);

function otherSide(word: string): string | undefined {
  return ['lastGood', 'previous'].find((each) => each.toLowerCase() === word.toLowerCase()) ?? idIn(word);
}

const isObjectId = (word: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(word);

const reasonOf = ({ reason }: { readonly reason?: string }): { reason?: string } =>
  reason === undefined ? {} : { reason };
