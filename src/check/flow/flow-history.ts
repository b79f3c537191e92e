import { recordAccess } from '../../audit/record-access.ts';
import type { Actor } from '../../contract/actor.ts';
import type { FlowHistory } from '../../contract/answer/comparison.ts';
import { unlessGarbled } from '../../contract/rows/not-as-written.ts';
import { Problem } from '../../contract/problem.ts';
import { readFlow } from '../../policy/rule/flow.ts';
import { mayTestSome } from '../../policy/sight/may-test-some.ts';
import { compare } from '../../verdict/compare/compare.ts';
import { type CompareDeps } from '../compare/comparison.ts';
import { outcomeOf } from '../compare/outcome.ts';
import { mayReadAll, seenOf, type Telling, tellingOf } from '../sight/sight.ts';
import { targetOf } from '../state/event-of.ts';
import { endedOf } from './ended-of.ts';
import type { EndedCheck } from './flow-index.ts';
import { type Asked, type Question, questionOf } from './question.ts';
import { pointersOf } from '../search/pointers-of.ts';

export interface FlowRequest {
  /** What is left open means every port, and every protocol. */
  readonly asked: Asked;
  /** Path and query, for the audit. */
  readonly resource: string;
}

/** A check that the caller may be told of. */
interface Told extends EndedCheck {
  readonly telling: Telling;
}

/** Of a pair with more ports and protocols those with the newest checks. */
const MOST_QUESTIONS = 20;
const MOST_TOLD = 20;
/** So many of the newest of each port are looked at. */
const MOST_LOOKED_AT = 40;

/**
 * What checks of a flow have come to, whoever asked for them, as far as the caller may be told. Throws `PolicyRefused`
 * where policy lets the caller test nothing of it and no check of it is theirs to read, `AuditUnavailable`,
 * `StorageUnavailable`.
 */
export async function flowHistory(deps: CompareDeps, actor: Actor, request: FlowRequest): Promise<FlowHistory> {
  const { asked } = request;
  const questions = await questionsOf(deps, asked);
  const look = (which: 'all' | 'reachable') =>
    Promise.all(questions.map((each) => deps.flowIndex.newest(each, which, MOST_LOOKED_AT)));
  const [all, reachable] = await Promise.all([look('all'), look('reachable')]);
  const newest = await firstTold(deps, actor, byTime(all.flat()).toReversed(), MOST_TOLD);
  const [lastSuccess] = await firstTold(deps, actor, byTime(reachable.flat()).toReversed(), 1);
  if (newest.length === 0 && !lastSuccess && !isOpen(deps, actor, asked)) throw refused(actor);
  const firstFailure = await firstFailureAfter(deps, actor, questions, lastSuccess);
  const told = [...newest, lastSuccess, firstFailure];
  if (told.some((each) => each && each.telling.sight !== 'own')) await recordFlow(deps, actor, request);
  return {
    ...namesOf(asked),
    ...(lastSuccess && { lastSuccess: momentOf(lastSuccess) }),
    ...(firstFailure && { firstFailure: momentOf(firstFailure) }),
    changes: await changesBetween(deps, actor, lastSuccess, firstFailure),
    newest: newest.map(entryOf),
  };
}

function namesOf(asked: Asked) {
  const { source, destination, port, protocol } = questionOf(asked);
  return {
    ...{ source, destination: destination.resourceId ?? destination.address ?? '' },
    ...(port !== undefined && { port }),
    ...(protocol && { protocol }),
  };
}

/** All that are known of the pair, where port or protocol is left open. */
async function questionsOf({ flowIndex }: CompareDeps, asked: Asked): Promise<readonly Question[]> {
  const question = questionOf(asked);
  const { port, protocol } = question;
  if (port !== undefined && protocol !== undefined) return [question];
  const known = await flowIndex.questions(question, MOST_QUESTIONS);
  return known.filter(
    (each) => (port === undefined || each.port === port) && (protocol === undefined || each.protocol === protocol),
  );
}

/** The first of them that the caller may be told of; the others do not exist to the caller. */
async function firstTold(
  deps: CompareDeps,
  { caller }: Actor,
  checks: readonly EndedCheck[],
  most: number,
): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (let at = 0; at < checks.length && told.length < most; at += most) {
    const some = checks.slice(at, at + most);
    const tellings = await Promise.all(some.map((check) => unlessGarbled(deps, () => tellingOf(deps, caller, check))));
    told.push(...some.flatMap((check, i) => (tellings[i] ? [{ ...check, telling: tellings[i] }] : [])));
  }
  return told.slice(0, most);
}

/** On the port that succeeded: that another port is closed is no end of that. Without a success the first of all. */
async function firstFailureAfter(
  deps: CompareDeps,
  actor: Actor,
  questions: readonly Question[],
  success: Told | undefined,
): Promise<Told | undefined> {
  const among = success ? [questionOf(success.request)] : questions;
  const after = success && new Date(success.at);
  const found = await Promise.all(among.map((each) => deps.flowIndex.failures(each, MOST_LOOKED_AT, after)));
  return (await firstTold(deps, actor, byTime(found.flat()), 1))[0];
}

const byTime = (checks: readonly EndedCheck[]): readonly EndedCheck[] =>
  checks.toSorted((a, b) => (a.at < b.at ? -1 : 1));

/** Whether there could be something to tell. That there is nothing yet is told to those alone. */
const isOpen = ({ policy }: CompareDeps, { caller }: Actor, asked: Asked): boolean =>
  mayReadAll(caller) || (caller.roles.includes('Check.Request') && mayTestSome(policy, caller, readFlow(asked)));

const refused = ({ caller }: Actor): Problem =>
  new Problem(
    'PolicyRefused',
    `No rule of the policy lets you test this flow, and no check of it is yours to read. ${pointersOf(caller.requester.via).rules}`,
  );

const recordFlow = (deps: CompareDeps, actor: Actor, { asked, resource }: FlowRequest): Promise<void> =>
  recordAccess(deps, actor, {
    ...{ action: 'read', resource, target: targetOf(asked) },
    decision: { allowed: true, reason: 'The reader may be told of these checks.', policy: deps.policy.hash },
  });

async function changesBetween(deps: CompareDeps, { caller }: Actor, before?: Told, after?: Told) {
  if (!before || !after) return [];
  const outcomes = await Promise.all(
    [before, after].map((told) =>
      unlessGarbled(deps, async () => {
        const check = await endedOf(deps, told);
        return check && (await tellingOf(deps, caller, seenOf(check))) ? await outcomeOf(deps, check) : undefined;
      }),
    ),
  );
  const [old, young] = outcomes;
  return old && young ? compare(old, young) : [];
}

const idOf = ({ id, telling }: Told): { readonly id?: string } => (telling.sight === undefined ? {} : { id });

const momentOf = (told: Told) => ({ at: told.at, ...idOf(told) });

function entryOf(told: Told) {
  const { port, protocol } = questionOf(told.request);
  return {
    at: told.at,
    ...(told.reachability && { reachability: told.reachability }),
    ...(told.code !== undefined && { error: { code: told.code } }),
    ...(port !== undefined && { port }),
    ...(protocol && { protocol }),
    ...idOf(told),
  };
}
