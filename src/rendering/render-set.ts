import type { ReadOnly } from '../contract/answer/read-only.ts';
import type { SetCheckView, SetSummary } from '../contract/answer/set.ts';
import { checkLink } from './render-check.ts';
import { type State, stateOf, stateWords } from './state.ts';
import { momentInWords, shortId, visible } from './visible.ts';
import { nameOf, wayInWords } from './words.ts';

/** A set of checks, as `GET /api/sets/{id}` answers it; a list has it without its checks. */
export type SetAnswer = ReadOnly<SetSummary & { checks?: SetCheckView[] | undefined }>;

type CountName = keyof SetSummary['counts'];
const countNames: readonly CountName[] = [
  'running',
  'reachable',
  'degraded',
  'unreachable',
  'inconclusive',
  'failed',
  'canceled',
  'refused',
];

export interface RenderedMember {
  readonly source: string;
  readonly destination: string;
  /** `TCP port 1433` */
  readonly way: string;
  readonly state: State;
  /** Whether it came out otherwise than before; absent where that is not known. */
  readonly changed?: boolean;
  readonly sentence: string;
  /** Absent for what is no check, yet or at all. */
  readonly id?: string;
  readonly link?: string;
}

/** A set as every client shows it. */
export interface RenderedSet {
  readonly id: string;
  readonly title: string;
  /** The worst of its checks, once all have ended. */
  readonly state: State;
  readonly hasEnded: boolean;
  readonly sentence: string;
  readonly members: readonly RenderedMember[];
  readonly link: string;
}

export function renderSet(set: SetAnswer, origin: string): RenderedSet {
  const { id, name, createdAt, counts, checks = [] } = set;
  return {
    id,
    title: visible(`Set ${name ?? shortId(id)} of ${momentInWords(createdAt)}`),
    state: worstOf(counts),
    hasEnded: counts.running === 0,
    sentence: sentenceOf(set),
    members: checks.map((check) => renderMember(check, origin)),
    link: visible(`${origin}/#/sets/${id}`),
  };
}

/** What a person must know first: that it runs, then what is wrong, then what is not known. */
const fromWorst: readonly CountName[] = [
  'running',
  'unreachable',
  'degraded',
  'failed',
  'inconclusive',
  'canceled',
  'refused',
  'reachable',
];

const worstOf = (counts: SetAnswer['counts']): State => fromWorst.find((name) => counts[name] > 0) ?? 'inconclusive';

function sentenceOf({ total, counts }: SetAnswer): string {
  const told = countNames.filter((name) => counts[name] > 0);
  const each = told.map((name) => `${counts[name]} ${stateWords[name].toLowerCase()}`).join(', ');
  return `${total} ${total === 1 ? 'check' : 'checks'}${each === '' ? '' : `: ${each}`}.`;
}

const renderMember = (check: ReadOnly<SetCheckView>, origin: string): RenderedMember => ({
  source: nameOf(check.source),
  destination: nameOf(check.destination),
  way: wayInWords(check),
  state: stateOf(check.status, check.reachability),
  ...(check.changed === undefined ? {} : { changed: check.changed }),
  sentence: visible(check.sentence),
  ...(check.id === undefined ? {} : { id: check.id, link: checkLink(check.id, origin) }),
});
