import { awaitDue, secondsAfter } from '../contract/time.ts';
import { nextTry } from '../notify/next-try.ts';
import { type Answer } from './answer/answer.ts';
import { answerAwaited, answerRequest, type AnswerRequestDeps, isPassing } from './answer/answer-request.ts';
import { drawTrouble } from './draw/draw-words.ts';
import type { ChatQueue } from './ports/chat-queue.ts';
import type { ChatRequests, StoredChatRequest } from './ports/chat-requests.ts';
import { addressedAt, type ChatRequest, keptWords } from './request.ts';

export type ChatStepDeps = Omit<AnswerRequestDeps, 'door' | 'warn'> & {
  readonly requests: ChatRequests;
  readonly chatQueue: ChatQueue;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown, about?: object) => void;
};

/** What a message came to, for the log line. */
export type ChatOutcome = 'unknown' | 'no door' | 'early' | 'lost' | 'over' | 'waiting' | 'again' | 'given up' | 'told';

/** How long a step has before another worker may take over: a use case and a few calls to the chat. */
const LEASE_SECONDS = 90;
/** More than are made in a day. */
const MOST_TRIES = 40;
/** After so many, some five minutes, somebody who has no answer yet is told that it could not be done. */
const MOST_UNANSWERED = 8;
/** So long its request is still known: longer than what proves a message is good, which for Teams is an hour and a few minutes. */
const KNOWN_SECONDS = 7200;

/**
 * Moves one request by one step: answers it, or looks whether what it waits for has ended. It can be run again, or go on
 * elsewhere, at any point: at worst somebody is told twice. Throws `StorageUnavailable` where what it came to cannot be kept.
 */
export async function stepChat(deps: ChatStepDeps, requestId: string): Promise<ChatOutcome> {
  const found = await findSoon(deps, requestId);
  if (!found) return 'unknown';
  const { request } = found;
  if (request.state === 'over') return 'over';
  if (!(await awaitDue(deps, request.dueAt))) return 'early';
  const door = deps.doors[request.account.chat];
  if (!door) return 'no door';
  const mine = await claim(deps, found);
  if (!mine) return 'lost';
  if (mine.request.tries > MOST_TRIES) return giveUp(deps, mine);
  return act({ ...deps, door }, mine);
}

const FIRST_LOOK_SECONDS = 2;
const LOOKS = 6;
const BETWEEN_LOOKS_MILLISECONDS = 1000;

/** The row and its message were written at the same time: the message may be here first. */
async function findSoon(deps: ChatStepDeps, id: string): Promise<StoredChatRequest | undefined> {
  for (let look = 1; ; look++) {
    const found = await deps.requests.find(id);
    if (found || look === LOOKS) return found;
    await deps.sleep(BETWEEN_LOOKS_MILLISECONDS);
  }
}

function claim(deps: ChatStepDeps, stored: StoredChatRequest): Promise<StoredChatRequest | undefined> {
  const { request } = stored;
  const dueAt = secondsAfter(deps.now(), LEASE_SECONDS).toISOString();
  const next = { ...stored, request: { ...request, dueAt, tries: request.tries + 1 } };
  return deps.requests.replace(stored, addressedAt(deps.now(), next));
}

type DoorDeps = ChatStepDeps & Pick<AnswerRequestDeps, 'door'>;

async function act(deps: DoorDeps, mine: StoredChatRequest): Promise<ChatOutcome> {
  const { request } = mine;
  const { awaited, answered } = request;
  try {
    const answer = awaited ? await answerAwaited(deps, mine, awaited) : await answerRequest(deps, mine);
    const isOpen = answer.hasEnded === false;
    return awaited && isOpen && request.state === 'awaiting'
      ? await lookLater(deps, mine)
      : await tell(deps, mine, answer);
  } catch (error) {
    deps.warn('A chat request could not be answered.', error);
    const isDone = awaited !== undefined || answered !== undefined;
    if (isPassing(error) && (isDone || request.tries < MOST_UNANSWERED)) return again(deps, mine, request);
    return tell(deps, mine, { message: drawTrouble(request.origin.requestId) });
  }
}

/** The first looks come soon, and then the more seldom the longer it takes. */
async function lookLater(deps: DoorDeps, mine: StoredChatRequest): Promise<ChatOutcome> {
  const age = (deps.now().getTime() - Date.parse(mine.request.receivedAt)) / 1000;
  await moveOn(
    deps,
    mine,
    { ...mine.request, tries: 0 },
    Math.min(30, Math.max(FIRST_LOOK_SECONDS, Math.round(age / 15))),
  );
  return 'waiting';
}

async function tell(deps: DoorDeps, mine: StoredChatRequest, answer: Answer): Promise<ChatOutcome> {
  const { message, about, hasEnded } = answer;
  const told = await deps.door.tell(addressedAt(deps.now(), mine), message);
  const isOpen = about !== undefined && hasEnded === false;
  if (told.kind === 'failed') deps.warn('A chat could not be told.', new Error(told.cause));
  const request = answeredBy(mine.request, answer, told.kind);
  if (told.kind === 'failed' && !isOpen) return again(deps, mine, request, told.retryAfterSeconds);
  const isUrlSpent = told.kind === 'told' && told.isUrlSpent === true;
  const stored = isUrlSpent ? { ...mine, answerUrl: undefined } : mine;
  const place = told.kind === 'told' ? told.place : request.place;
  if (!isOpen) return over(deps, stored, { ...request, place });
  await moveOn(deps, stored, { ...request, place, tries: 0 }, FIRST_LOOK_SECONDS);
  return 'waiting';
}

/** What was begun is not done again: from now on it is looked at. What was done is only told again. */
function answeredBy(request: ChatRequest, { about, hasEnded, words }: Answer, told: 'told' | 'failed'): ChatRequest {
  if (about) {
    const awaited = told === 'told' ? { kind: about.kind, id: about.id } : about;
    return { ...request, awaited, state: hasEnded === false ? 'awaiting' : 'received' };
  }
  return words && request.awaited === undefined ? { ...request, answered: keptWords(words) } : request;
}

/** Soon, and then the later the longer the trouble lasts. */
async function again(
  deps: DoorDeps,
  mine: StoredChatRequest,
  request: ChatRequest,
  atLeastSeconds = 0,
): Promise<ChatOutcome> {
  const now = deps.now();
  const first = Math.min(2 ** request.tries, 60);
  const due = request.tries < MOST_UNANSWERED ? undefined : nextTry(now, now, request.tries - 5, deps.random);
  const seconds = due === undefined ? first : Math.ceil((due.getTime() - now.getTime()) / 1000);
  await moveOn(deps, mine, request, Math.max(seconds, atLeastSeconds));
  return 'again';
}

async function moveOn(deps: ChatStepDeps, mine: StoredChatRequest, next: ChatRequest, seconds: number): Promise<void> {
  const due = secondsAfter(deps.now(), seconds);
  // Nothing looks at the row before it is due.
  const request = { ...next, dueAt: due.toISOString() };
  const written = await deps.requests.replace(mine, addressedAt(due, { ...mine, request }));
  if (written) await deps.chatQueue.send(next.id, seconds);
}

async function giveUp(deps: ChatStepDeps, mine: StoredChatRequest): Promise<ChatOutcome> {
  deps.warn('A chat request was given up.', new Error(`It was tried ${mine.request.tries} times.`));
  await over(deps, mine, mine.request);
  return 'given up';
}

/** Its row stays for a while, so that a repeat meets it, without what was said and without the address. */
async function over(deps: ChatStepDeps, mine: StoredChatRequest, request: ChatRequest): Promise<ChatOutcome> {
  const asked = request.asked.kind === 'line' ? { kind: 'line' as const, text: '' } : request.asked;
  const dueAt = secondsAfter(deps.now(), KNOWN_SECONDS).toISOString();
  const gone = { awaited: undefined, answered: undefined };
  await deps.requests.replace(mine, { request: { ...request, ...gone, asked, state: 'over', dueAt } });
  return 'told';
}
