import type { Kill } from '../faults/processes.ts';
import type { Stored, StoredEvent } from '../faults/stored-state.ts';
import { type ChatFlow, deedsOf, isDone, isEnd, roomOf } from './chat-flows.ts';
import { deedOf, type Told } from './chat-side.ts';
import { isByAddress } from './rage.ts';

export interface Evidence {
  readonly flows: readonly ChatFlow[];
  readonly told: readonly Told[];
  readonly kills: readonly Kill[];
  readonly stored: Pick<Stored, 'checks' | 'events'>;
}

type Cause = 'kill' | 'lostAnswer' | 'nothing';

export interface ChatFigures {
  readonly requests: number;
  readonly kills: number;
  readonly posted: number;
  readonly replaced: number;
  /** Calls that the chats did not take; of those, at addresses by which Slack is answered. */
  readonly failed: number;
  readonly failedAddresses: number;
  /** New messages beside one that says the same, by what explains them. */
  readonly doubled: Record<Cause, number>;
  /** Deeds of which something was told anew more than once. */
  readonly doubledAgain: number;
  readonly notTold: number;
  readonly shown: {
    readonly events: number;
    readonly messages: number;
    /** Shown to all without an event before. */
    readonly withoutEvent: number;
    /** Events of what no chat was asked to show; whoever clicked is told. */
    readonly eventsAlone: number;
  };
}

/** Milliseconds from a call to the note of it, on a busy machine. */
const MOST_UNTIL_NOTE = 3000;

/** What was told and shown, counted, and what is not as promised, in sentences. */
export function weigh(evidence: Evidence): { readonly figures: ChatFigures; readonly breaches: readonly string[] } {
  const { flows, told, kills, stored } = evidence;
  const deeds = flows.flatMap((flow) => deedsOf(flow).map((deed) => weighDeed(evidence, flow, deed)));
  const showings = flows.filter(({ next }) => next === 'show').map((flow) => weighShowing(evidence, flow));
  const all = [...deeds, ...showings].flatMap(({ breaches }) => breaches);
  const checks = flows.length + flows.filter(({ next }) => next === 'again').length;
  const surplus = stored.checks.size === checks ? [] : [`There are ${stored.checks.size} checks, and not ${checks}.`];
  const sum = <T>(parts: readonly T[], of: (part: T) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const doubledBy = (cause: Cause): number =>
    sum(deeds, ({ causes }) => causes.filter((each) => each === cause).length);
  const failed = told.filter((each) => !isDone(each));
  const figures: ChatFigures = {
    ...{ requests: deeds.length, kills: kills.length },
    ...{ posted: sum(deeds, ({ posted }) => posted), replaced: sum(deeds, ({ replaced }) => replaced) },
    ...{ failed: failed.length, failedAddresses: failed.filter(isByAddress).length },
    doubled: { kill: doubledBy('kill'), lostAnswer: doubledBy('lostAnswer'), nothing: doubledBy('nothing') },
    doubledAgain: deeds.filter(({ isDoubledAgain }) => isDoubledAgain).length,
    notTold: deeds.filter(({ isTold }) => !isTold).length,
    shown: {
      events: sum(showings, ({ events }) => events),
      messages: sum(showings, ({ messages }) => messages),
      withoutEvent: sum(showings, ({ withoutEvent }) => withoutEvent),
      eventsAlone: sum(showings, ({ eventsAlone }) => eventsAlone),
    },
  };
  return { figures, breaches: [...all, ...surplus] };
}

/** Told at last; what comes again stands in the place of what it repeats, but where a kill or the chat itself hid that. */
function weighDeed({ told, kills }: Evidence, flow: ChatFlow, deed: string) {
  const own = told.filter((each) => each.deed === deed && isDone(each));
  const byReader = [false, true].map((isForAll) => own.filter((each) => each.isForAll === isForAll));
  const posts = byReader.map((messages) => messages.filter(({ isNew }) => isNew));
  const [, shownPosts = []] = posts;
  const causes = posts.flatMap((messages) => causesOf(messages.slice(0, -1), kills));
  const isTold = own.some(isEnd);
  const last = own.findLast(({ isForAll }) => !isForAll);
  const breaches = [
    ...(isTold ? [] : [`${deed} was not told its end.`]),
    ...(last && !isEnd(last) ? [`${deed} was told another thing after its end.`] : []),
    // A step that shows something is begun twice at most; what is for one person is told until that is noted.
    ...(shownPosts.length > 2 ? [`${deed} was shown ${shownPosts.length} times.`] : []),
    ...causes.flatMap((cause) => (cause === 'nothing' ? [`${deed} was doubled, and nothing explains it.`] : [])),
    ...own.filter((each) => !isWhereItBelongs(each, flow)).map(({ to }) => `${deed} was told to ${to}.`),
    ...own.filter((each) => !isInPlace(each, own)).map(({ message }) => `${deed} took the place of ${message}.`),
  ];
  const posted = posts.flat().length;
  const isDoubledAgain = posts.some(({ length }) => length > 2);
  return { posted, replaced: own.length - posted, causes, isDoubledAgain, isTold, breaches };
}

/** Why something was told anew after each of these; a process is killed once, and explains one. */
const causesOf = (before: readonly Told[], kills: readonly Kill[]): readonly Cause[] =>
  before.map((each, place) => {
    const isFirstOfCaller = before.findIndex(({ caller }) => caller === each.caller) === place;
    if (isFirstOfCaller && kills.some((kill) => isCutOffBy(each, kill))) return 'kill';
    return each.fate === 'drop' ? 'lostAnswer' : 'nothing';
  });

const isCutOffBy = ({ caller, at }: Told, kill: Kill): boolean =>
  kill.name === caller && kill.at >= at && kill.at <= at + MOST_UNTIL_NOTE;

const isWhereItBelongs = ({ to, isForAll }: Told, flow: ChatFlow): boolean =>
  to.includes(isForAll || flow.way === 'channel' ? roomOf(flow) : flow.user);

const isInPlace = (one: Told, own: readonly Told[]): boolean =>
  one.isNew ||
  // The card that was clicked on shows it.
  one.isForAll ||
  isByAddress(one) ||
  own.some(({ isNew, message }) => isNew && message === one.message);

/** What is shown to all was audited before; whoever clicked hears of what was not. */
function weighShowing({ told, stored }: Evidence, flow: ChatFlow) {
  const deed = deedOf('show', flow);
  const seen = told.filter((each) => each.isForAll && each.deed === deed);
  const events = [...stored.events.values()].flat().filter((each) => isShowing(each, flow));
  const late = seen.filter(({ at }, place) => (events[place]?.writtenAt ?? Infinity) > at);
  return {
    ...{ events: events.length, messages: seen.filter(isDone).length, withoutEvent: late.length },
    eventsAlone: Math.max(0, events.length - seen.length),
    breaches: late.map(() => `${deed} was seen before its event was written.`),
  };
}

const isShowing = ({ event }: StoredEvent, flow: ChatFlow): boolean =>
  event.action === 'shared' && event.channel?.endsWith(`/${roomOf(flow)}`) === true;
