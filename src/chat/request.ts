import { z } from 'zod';
import { originSchema } from '../contract/actor.ts';
import { cutText } from '../contract/text/cut-text.ts';
import { secondsAfter } from '../contract/time.ts';
import { accountSchema } from './account.ts';

/** What a button does. Every click is its clicker's request. */
export const clickActionSchema = z.enum(['again', 'cancel', 'path', 'share-here']);
export type ClickAction = z.infer<typeof clickActionSchema>;

/** Where people write to each other. */
export const roomSchema = z.strictObject({
  id: z.string().min(1).max(200),
  /** As people read it, such as `#network`. */
  name: z.string().max(200).optional(),
});
export type Room = z.infer<typeof roomSchema>;

const askedSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('line'),
    text: z.string(),
    /** Of the app, as the message has them. */
    mentions: z.array(z.string()).optional(),
  }),
  z.strictObject({
    kind: z.literal('click'),
    action: clickActionSchema,
    /** The check that the button is about. */
    checkId: z.uuid(),
  }),
  /** Nobody wrote it: a person has confirmed on the page that this account acts for them. */
  z.strictObject({ kind: z.literal('linked') }),
]);
export type Asked = z.infer<typeof askedSchema>;

/** What is being waited for. */
const awaitedSchema = z.strictObject({
  kind: z.enum(['check', 'set']),
  id: z.uuid(),
  /** A sentence about the request, until it has been told. */
  note: z.string().optional(),
});
export type Awaited = z.infer<typeof awaitedSchema>;

/** An answer of the proxy's own words, after which nothing is left to do but to tell it. */
const wordsSchema = z.strictObject({
  texts: z.array(z.string()),
  title: z.string().optional(),
  state: z.literal('refused').optional(),
  isRefusal: z.literal(true).optional(),
});
export type Words = z.infer<typeof wordsSchema>;

/** A row has room for a line and for so many letters of its answer. */
const MOST_KEPT = 2000;

/** As much of an answer as its row has room for. */
export function keptWords({ texts, ...rest }: Words): Words {
  const kept: string[] = [];
  let left = MOST_KEPT;
  for (const text of texts) {
    if (text.length > left) return { ...rest, texts: [...kept, `${cutText(text, left)}…`] };
    kept.push(text);
    left -= text.length;
  }
  return { ...rest, texts: kept };
}

/**
 * One thing that somebody wrote or clicked, as it is kept from the moment it is acknowledged until its answer has been
 * told: the row is all that the worker knows of it.
 */
export const chatRequestSchema = z.strictObject({
  /** Made from what the chat calls the message, so that a message that is repeated is the same request. */
  id: z.uuid(),
  account: accountSchema,
  /** The account's name as the message has it; believed for nothing. */
  name: z.string().optional(),
  /** The same of its team. */
  teamName: z.string().optional(),
  asked: askedSchema,
  /** Where others read along; absent where the asker is alone with the app. */
  room: roomSchema.optional(),
  /** What the door needs to answer there; nobody else reads it. Where the first answer stands, once it was told. */
  place: z.record(z.string(), z.string()),
  origin: originSchema,
  receivedAt: z.iso.datetime(),
  /** Nothing is done before it: schedule, lease and sweep key. */
  dueAt: z.iso.datetime(),
  state: z.enum(['received', 'awaiting', 'over']),
  /** Tries of what is to be done now that were begun. */
  tries: z.int(),
  awaited: awaitedSchema.optional(),
  /** What was answered and is still to be told: what was done for it is not done again. */
  answered: wordsSchema.optional(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/**
 * A request with the address by which it may be answered without any other key, where the chat gave one: a secret, which
 * is in no message, log, event or answer, and in one column that is emptied at the end, or when its time is over.
 */
export interface Addressed {
  readonly request: ChatRequest;
  readonly answerUrl?: string | undefined;
}

/** For so long such an address is kept; the chat takes it for half an hour. */
const ANSWER_URL_SECONDS = 25 * 60;

const addressEnds = ({ receivedAt }: ChatRequest): Date => secondsAfter(new Date(receivedAt), ANSWER_URL_SECONDS);

/** With the address, where it may still be kept then. */
export const addressedAt = (at: Date, { request, answerUrl }: Addressed): Addressed =>
  answerUrl === undefined || at >= addressEnds(request) ? { request } : { request, answerUrl };

/** When to look at a request again that was to be looked at then: not later than its address ends. */
export function lookAtOf({ request, answerUrl }: Addressed, due: Date): Date {
  const end = addressEnds(request);
  return answerUrl !== undefined && end < due ? end : due;
}
