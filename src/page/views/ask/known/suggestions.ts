import type { Check, Endpoint, Source } from '../../../../client/answers.ts';
import { formatLine } from '../../../../line/format-line.ts';
import { isUri } from '../../../../line/read-destination.ts';
import { verbOf } from '../../../../line/verbs.ts';
import { visible } from '../../../../rendering/visible.ts';
import { nameOf } from '../../../../rendering/words.ts';
import type { Option } from '../../../parts/option.ts';

/** What can be named. */
export interface Known {
  readonly endpoints: readonly Endpoint[];
  /** Those that have the word which is being written in their name. */
  readonly sources: readonly Source[];
  /** Lines that were asked before, newest first. */
  readonly asked: readonly string[];
  readonly sets: readonly string[];
}

/** The word at the end of a line, which is being written, and what it is for. */
export interface Word {
  readonly before: string;
  readonly word: string;
  readonly place: 'source' | 'destination' | 'set' | 'none';
}

const MOST_OPTIONS = 10;

export function wordAt(line: string): Word {
  const [, before = '', word = ''] = /^(.*\s)?(\S*)$/s.exec(line) ?? [];
  const words = before.trim().split(/\s+/).filter(Boolean);
  return { before, word, place: placeAfter(words) };
}

function placeAfter(words: readonly string[]): Word['place'] {
  const verb = verbOf(words[0] ?? '');
  if (verb === 'set') return words.length === 2 && /^run$/i.test(words[1] ?? '') ? 'set' : 'none';
  if (verb !== undefined && verb !== 'flow') return 'none';
  const count = words.length - (verb === undefined ? 0 : 1);
  return (['source', 'destination'] as const)[count] ?? 'none';
}

/** Whole lines with the end completed; lines asked before that have what is written. */
export function completeLine(line: string, known: Known): readonly Option[] {
  const { before, word, place } = wordAt(line);
  // Behind a source there will be a destination.
  const behind = place === 'source' ? ' ' : '';
  const words = place === 'none' ? [] : wordsFor(place, word, known);
  const lines = known.asked.filter((each) => each !== line && fits(each, line)).map(lineOption);
  const completed = words.map((option) => ({ ...option, value: `${before}${option.value}${behind}` }));
  return line.trim() === '' ? first([...lines, ...completed]) : first([...completed, ...lines]);
}

export function completeWord(place: 'source' | 'destination', word: string, known: Known): readonly Option[] {
  return first(wordsFor(place, word, known));
}

const first = (options: readonly Option[]): readonly Option[] =>
  [...new Map(options.toReversed().map((option) => [option.value, option])).values()]
    .toReversed()
    .slice(0, MOST_OPTIONS);

const lineOption = (line: string): Option => ({ value: line, label: visible(line), detail: 'asked before' });

function wordsFor(place: 'source' | 'destination' | 'set', word: string, known: Known): readonly Option[] {
  if (place === 'set')
    return byName(
      known.sets.map((name) => optionOf(name, name, 'set of the policy')),
      word,
    );
  return byName([...endpointOptions(place, known), ...sourceOptions(known)], word);
}

/** What begins with the word comes first; a word that is a name already needs no help. */
function byName(options: readonly Option[], word: string): readonly Option[] {
  if (options.some(({ label }) => folded(label) === folded(word))) return [];
  const found = options.filter(({ label }) => fits(label, word));
  const begins = (option: Option): boolean => folded(option.label).startsWith(folded(word));
  return [...found.filter(begins), ...found.filter((option) => !begins(option))];
}

const optionOf = (value: string, name: string, detail: string): Option => ({
  ...{ value, label: visible(name), detail: visible(detail) },
});

function endpointOptions(place: 'source' | 'destination', { endpoints, sources }: Known): readonly Option[] {
  return endpoints
    .filter(({ resourceId }) => place === 'destination' || resourceId !== undefined)
    .map(({ name, resourceId, address, port }) => {
      const machine = sources.find((source) => isSame(source.resourceId, resourceId));
      const where = machine ? machineInWords(machine) : placeInWords(resourceId ?? address ?? '', port);
      return optionOf(name, name, `endpoint: ${where}`);
    });
}

/** A machine whose name stands for something else, too, goes by its resource id. */
function sourceOptions({ endpoints, sources }: Known): readonly Option[] {
  const isEndpoint = ({ resourceId }: Source) => endpoints.some((each) => isSame(resourceId, each.resourceId));
  const isOnly = ({ name }: Source) =>
    [...endpoints, ...sources].filter((each) => folded(each.name) === folded(name)).length === 1;
  return sources
    .filter((source) => !isEndpoint(source))
    .map((source) => optionOf(isOnly(source) ? source.name : source.resourceId, source.name, machineInWords(source)));
}

const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && folded(one) === folded(other);

const placeInWords = (place: string, port: number | undefined): string =>
  `${nameOf(place)}${port === undefined ? '' : `, port ${port}`}`;

export const machineInWords = ({ resourceGroup, region, ...state }: Source): string =>
  [stateInWords(state), resourceGroup, region].filter((part) => part !== '').join(', ');

/** Whether a check could start there now. */
export function stateInWords({ state, agent }: Pick<Source, 'state' | 'agent'>): string {
  const run = state === 'unknown' ? 'state unknown' : state;
  return agent === 'unknown' ? run : `${run}, ${agent === 'present' ? 'agent present' : 'no agent'}`;
}

/** The line that asks what a check asked, in the shortest words that mean the same. */
export function lineOfCheck({ request }: Check, endpoints: readonly Endpoint[]): string {
  const { source, protocol } = request;
  const from = endpoints.find(({ resourceId }) => isSame(resourceId, source.resourceId));
  const to = destinationOf(request, endpoints);
  const isSaid = protocol !== undefined && protocol !== 'Tcp' && !isUri(to.destination);
  return formatLine({ verb: 'check', source: from?.name ?? source.resourceId, ...to, ...(isSaid && { protocol }) });
}

function destinationOf(
  { destination }: Check['request'],
  endpoints: readonly Endpoint[],
): { readonly destination: string; readonly port?: number } {
  const { port } = destination;
  const place = destination.resourceId ?? destination.address ?? '';
  const known = endpoints.find((each) => isSame(each.resourceId ?? each.address, place) && each.port === port);
  if (known) return { destination: known.name };
  return { destination: place, ...(port !== undefined && !isUri(place) && { port }) };
}

const fits = (text: string, part: string): boolean => folded(text).includes(folded(part));
const folded = (text: string): string => text.trim().toLowerCase();

/** What may be searched for among the names of sources. */
export const isSearch = (word: string): boolean => word.length <= 80 && /^[\p{L}\p{N}_.()-]*$/u.test(word);
