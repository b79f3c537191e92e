import type { AuditAction, AuditEvent } from '../../../client/answers.ts';
import { momentInWords, shortId, visible } from '../../../rendering/visible.ts';
import { nameOf, wayInWords } from '../../../rendering/words.ts';

/** One thing that an event tells. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** An event as it can be told to somebody. */
export interface Story {
  /** Who did what. */
  readonly sentence: string;
  /** Whether it was a "no". */
  readonly isRefusal: boolean;
  readonly facts: readonly Fact[];
}

export const storyOf = (event: AuditEvent): Story => ({
  sentence: visible(sentenceOf(event)),
  isRefusal: !event.decision.allowed,
  facts: factsOf(event),
});

function sentenceOf(event: AuditEvent): string {
  const { action, requester, target } = event;
  const tell = Object.hasOwn(sentences, action) ? sentences[action] : undefined;
  // A newer proxy knows more actions.
  return tell?.(event, requester.name) ?? `${requester.name}: ${action}, ${target.resource ?? 'no more is known'}.`;
}

type Sentence = (event: AuditEvent, who: string) => string;

const sentences: Readonly<Record<AuditAction, Sentence>> = {
  requested: (event, who) => `${who} asked whether ${flowOf(event)}.`,
  refused: (event, who) => `${who} was refused: ${hasFlow(event) ? `whether ${flowOf(event)}` : resourceOf(event)}.`,
  started: (event, who) => `Azure was asked for ${who} whether ${flowOf(event)}.`,
  finished: (event, who) =>
    `The check of ${who} whether ${flowOf(event)} ended: ${event.outcome?.reachability ?? 'without an answer'}.`,
  failed: (event, who) => `The check of ${who} whether ${flowOf(event)} failed: ${codeOf(event)}.`,
  canceled: (event, who) => `${who} canceled the check whether ${flowOf(event)}.`,
  read: (event, who) => `${who} read ${event.checkId === undefined ? resourceOf(event) : checkOf(event)}.`,
  exported: (event, who) =>
    event.checkId === undefined
      ? `${who} exported the audit.`
      : `The end of ${checkOf(event)} of ${who} went to ${resourceOf(event)}: ${codeOf(event)}.`,
  shared: (event, who) => `${who} shared ${checkOf(event)} with ${sharedWithInWords(event)}.`,
  unshared: (event, who) => `${who} took back the share of ${checkOf(event)}.`,
  linked: (event, who) => `${who} linked the chat account ${resourceOf(event)} with themselves.`,
  unlinked: (event, who) => `The chat account ${resourceOf(event)} was unlinked by ${who}.`,
};

/** Every action that there is a sentence for. */
export const actions: readonly string[] = Object.keys(sentences);

const codeOf = ({ outcome }: AuditEvent): string => outcome?.code ?? 'without a code';
const checkOf = ({ checkId = '' }: AuditEvent): string => `check ${shortId(checkId)}`;

const hasFlow = ({ target }: AuditEvent): boolean => target.source !== undefined;

const resourceOf = ({ target }: AuditEvent): string => target.resource ?? 'something';

function flowOf({
  target: { source = 'a source', destination = 'a destination', port, protocol },
}: AuditEvent): string {
  const way = wayInWords({ port, protocol });
  return `${nameOf(source)} reaches ${nameOf(destination)}${way === '' ? '' : ` by ${way}`}`;
}

function sharedWithInWords({ sharedWith, channel }: AuditEvent): string {
  if (channel !== undefined) return `all in ${channel}`;
  if (sharedWith === undefined) return 'others';
  const whom = sharedWith.to === undefined ? 'whoever has its id' : sharedWith.to.join(', ');
  return `${whom}, until ${momentInWords(sharedWith.until)}`;
}

/** In the order in which one asks: when, who, through whom, what, decided how, with what outcome, where to look on. */
function factsOf(event: AuditEvent): readonly Fact[] {
  const { time, requester, deputy, sourceAddress, target, decision, outcome, arm, attempt, joined, reason } = event;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['When', momentInWords(time)],
    ['Who', `${requester.name} (${requester.kind === 'app' ? 'an application' : 'a person'}), ${requester.id}`],
    ['Came in by', [requester.via, requester.agent].filter((part) => part !== undefined).join(', ')],
    ['From the address', sourceAddress],
    ['Acting in Azure', deputy],
    ['Because', reason],
    ['Source', target.source],
    ['Destination', target.destination],
    ['By', wayInWords(target) || undefined],
    ['Network watcher', target.networkWatcher],
    ['Read', target.resource],
    ['Decision', decisionInWords(decision)],
    ['Roles', decision.roles?.join(', ') || undefined],
    ['Groups', decision.groups?.join(', ') || undefined],
    ['Policy (SHA-256)', decision.policy],
    ['Outcome', outcomeInWords(outcome)],
    ['Azure answered', arm && azureInWords(arm)],
    ['Try', attempt === undefined ? undefined : String(attempt)],
    ['Shares the run of', joined?.checkId],
    ['Shared with', (event.sharedWith ?? event.channel) && sharedWithInWords(event)],
    ['Trace', event.traceparent],
    ['Fingerprint', event.fingerprint],
    ['Event', event.id],
  ];
  return facts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text: visible(text) }]));
}

const decisionInWords = ({ allowed, rule, reason }: AuditEvent['decision']): string =>
  `${allowed ? 'Allowed' : 'Refused'}${rule === undefined ? '' : ` by rule ${rule}`}: ${reason}`;

function outcomeInWords(outcome: AuditEvent['outcome']): string | undefined {
  if (outcome === undefined) return undefined;
  const { code, reachability, reasons = [], count } = outcome;
  const parts = [reachability, code, ...reasons, count === undefined ? undefined : `${count} times`];
  return parts.filter((part) => part !== undefined).join(', ') || undefined;
}

function azureInWords({ status, requestId, correlationId }: NonNullable<AuditEvent['arm']>): string {
  const parts = [
    status === undefined ? undefined : `HTTP ${status}`,
    requestId === undefined ? undefined : `request ${requestId}`,
    correlationId === undefined ? undefined : `correlation ${correlationId}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
