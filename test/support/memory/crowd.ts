import { cancel } from '../../../src/check/cancel.ts';
import { createRunExclusive } from '../../../src/check/run-exclusive.ts';
import { hasEnded, isOpen, type Check } from '../../../src/check/state/check.ts';
import { step } from '../../../src/check/step.ts';
import { submit } from '../../../src/check/submit.ts';
import { sweep } from '../../../src/check/sweep.ts';
import type { Answer } from '../../../src/check/ports/network-watcher.ts';
import { Problem } from '../../../src/contract/problem.ts';
import type { CheckRequest } from '../../../src/contract/request/check-request.ts';
import { secondsAfter } from '../../../src/contract/time.ts';
import { breaches } from '../faults/invariants.ts';
import { sampleCaller, sampleTime } from '../samples.ts';
import type { Interfere, ProcessDeps, Stage } from './interruptible.ts';
import { body as reachable, type MemoryDeps, memoryProxy, operationUrlOf, sampleSubmission } from './memory-proxy.ts';
import { createTrace, storedBy } from './trace.ts';

/** One who asks for a check; all ask the same, but for what is said here. */
export interface Asker {
  readonly name: string;
  /** Seconds from the beginning. */
  readonly at: number;
  readonly cancelsAt?: number | undefined;
  readonly asked?: Partial<CheckRequest>;
  readonly roles?: string[];
  readonly rerunOf?: string;
}

/** What becomes of a POST at Azure, in the order of the POSTs; the last holds for all that follow. */
export interface Plan {
  /** Until the POST is answered. */
  readonly postSeconds?: number;
  /** From then on; 0: the POST is answered with the result. */
  readonly runSeconds?: number;
  readonly end?: 'answered' | 'failed' | 'refused';
}

interface Post {
  readonly checkId: string;
  readonly at: number;
  readonly plan: Plan;
}

interface Poll {
  readonly checkId: string;
  readonly post: Post;
  readonly at: number;
  /** What Azure had told this check last; before its first poll, what it told whoever began the operation. */
  readonly allowedFrom: number;
}

/**
 * What befalls the process that makes a request. `crash`: it is never heard of again. `fault`: the request is answered
 * with an error, executed or not. `stall`: it sleeps for three minutes.
 */
export interface Befalling {
  readonly kind: 'crash' | 'fault' | 'stall';
  /** At the how-manieth request of all steps, from 0. */
  readonly at: number;
  readonly stage: Stage;
}

interface Options {
  readonly plans?: readonly Plan[];
  readonly body?: string;
  readonly changes?: Partial<MemoryDeps>;
  readonly befallings?: readonly Befalling[];
  /** From 0 up to 1: which of the requests that are under way is executed next. */
  readonly choose?: () => number;
}

/** How long ARM asks to be left in peace. */
export const POLL_SECONDS = 10;
const STALL_SECONDS = 180;
const REDELIVERY_SECONDS = 600;
const SWEEP_SECONDS = 60;
const MOST_SECONDS = 40_000;
const origin = { sourceAddress: '127.0.0.1', requestId: 'request-1' };

/**
 * Lets many ask at their times, with steps that run at the same time, each a process of its own, and a POST that takes as
 * long as is planned. The clock goes from one thing that happens to the next.
 */
export async function crowd(askers: readonly Asker[], options: Options = {}) {
  const { plans = [{}], body = reachable, befallings = [], choose } = options;
  const posts: Post[] = [];
  const polls: Poll[] = [];
  /** By whom was told; the first of all is what whoever began the operation was told. */
  const allowed = new Map<Post, Map<string, number>>();
  const requests: string[] = [];
  const ids = new Map<string, string>();
  const agenda: { readonly at: number; readonly work: () => void }[] = [];
  /** Requests that wait to be executed. */
  const underWay: (() => void)[] = [];
  let errors: unknown[] = [];

  const answerOf = (post: Post, checkId: string): Answer => {
    const { runSeconds = 30, end = 'answered', postSeconds = 0 } = post.plan;
    const failure = { code: 'AzureFailed', message: 'It failed at Azure.' } as const;
    if (end === 'refused')
      return { kind: 'failed', failure: { ...failure, code: 'AzureRefused' }, arm: { status: 403 } };
    const isOver = seconds() >= post.at + postSeconds + runSeconds;
    if (isOver && end === 'failed') return { kind: 'failed', failure, arm: { status: 200 } };
    if (isOver) return { kind: 'done', body, arm: { status: 200 } };
    const told = allowed.get(post) ?? new Map([['first', seconds() + POLL_SECONDS]]);
    allowed.set(post, told.set(checkId, seconds() + POLL_SECONDS));
    const operationUrl = operationUrlOf(posts.indexOf(post));
    return { kind: 'running', operationUrl, afterSeconds: POLL_SECONDS, arm: { status: 202 } };
  };

  const proxy = memoryProxy(
    {},
    {
      deadlines: { queueSeconds: 20_000, checkSeconds: 20_000 },
      sleep: (milliseconds) => wait(milliseconds / 1000),
      ...options.changes,
      watcher: {
        find: memoryProxy().deps.watcher.find,
        begin: async (_networkWatcher, _parameters, { clientRequestId }) => {
          const plan = plans[Math.min(posts.length, plans.length - 1)] ?? {};
          const post = { checkId: clientRequestId, at: seconds(), plan };
          posts.push(post);
          await wait(plan.postSeconds ?? 0);
          return answerOf(post, clientRequestId);
        },
        poll: (url, { clientRequestId }) => {
          const post = posts.find((_, i) => operationUrlOf(i) === url);
          if (!post) throw new Error(`No operation is at ${url}.`);
          const told = allowed.get(post);
          const allowedFrom = told?.get(clientRequestId) ?? told?.get('first') ?? 0;
          polls.push({ checkId: clientRequestId, post, at: seconds(), allowedFrom });
          return Promise.resolve(answerOf(post, clientRequestId));
        },
      },
    },
  );
  const trace = createTrace(proxy);
  const shared: ProcessDeps = { ...proxy.deps, overdue: proxy.store };
  /** Nothing befalls those who ask and cancel. */
  const asking = trace(shared, () => Promise.resolve('go on'));

  function seconds(): number {
    return (proxy.now().getTime() - Date.parse(sampleTime)) / 1000;
  }
  function at(time: number, work: () => void): void {
    agenda.push({ at: time, work });
    agenda.sort((a, b) => a.at - b.at);
  }
  const wait = (length: number): Promise<void> =>
    length <= 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          at(seconds() + length, resolve);
        });

  /** A process begins; it goes on while others do. */
  function start(
    work: (deps: ProcessDeps) => Promise<unknown>,
    ended: (end: 'done' | 'failed' | 'crashed') => void,
  ): void {
    let isDead = false;
    const interfere: Interfere = async ({ operation }, stage) => {
      if (isDead) return never();
      if (stage === 'before' && choose) await new Promise<void>((resolve) => underWay.push(resolve));
      if (stage === 'before') requests.push(operation);
      const here = befallings.find(({ at: which, stage: when }) => which === requests.length - 1 && when === stage);
      if (here?.kind === 'fault') return 'fail';
      if (here?.kind === 'stall') await wait(STALL_SECONDS);
      if (here?.kind !== 'crash') return 'go on';
      isDead = true;
      ended('crashed');
      return never();
    };
    work(trace({ ...shared, runExclusive: createRunExclusive() }, interfere)).then(
      () => {
        ended('done');
      },
      (error: unknown) => {
        if (!(error instanceof Problem)) errors = [...errors, error];
        ended('failed');
      },
    );
  }

  /** A message is one step. One that failed comes again, one whose host died only later. */
  function take(checkId: string): void {
    start(
      (deps) => step(deps, checkId),
      (end) => {
        if (end === 'failed')
          at(seconds() + 30, () => {
            take(checkId);
          });
        if (end === 'crashed')
          at(seconds() + REDELIVERY_SECONDS, () => {
            take(checkId);
          });
      },
    );
  }

  const collect = (): void => {
    for (const { checkId, delaySeconds } of proxy.queue.sent.splice(0))
      at(seconds() + delaySeconds, () => {
        take(checkId);
      });
  };

  function ask({ name, cancelsAt, asked, rerunOf, roles }: Asker): void {
    const [actor, submission] = sampleSubmission({ caller: sampleCaller(name, roles), origin });
    const work = async (): Promise<void> => {
      const given = { asked: { ...submission.asked, reason: name, ...asked }, rerunOf };
      const { check } = await submit(asking, actor, given);
      ids.set(name, check.id);
      if (cancelsAt === undefined) return;
      at(cancelsAt, () => {
        void cancel(asking, actor, check.id).catch((error: unknown) => {
          if (!(error instanceof Problem && error.code === 'CheckEnded')) errors = [...errors, error];
        });
      });
    };
    void work().catch((error: unknown) => {
      errors = [...errors, error];
    });
  }

  const isOver = (): boolean => ids.size === askers.length && !proxy.store.rows().some(isOpen);
  function sweepOn(): void {
    if (isOver()) return;
    void sweep(shared);
    at(seconds() + SWEEP_SECONDS, sweepOn);
  }

  /** Executes one of the requests that are under way; seldom something else happens before. */
  function execute(choice: () => number): boolean {
    if (underWay.length === 0 || choice() < 0.03) return false;
    underWay.splice(Math.floor(choice() * underWay.length), 1)[0]?.();
    return true;
  }

  async function play(choice: (() => number) | undefined): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      if (choice && execute(choice)) continue;
      const next = agenda.shift();
      if (!next && underWay.length > 0) continue;
      if (!next || next.at > MOST_SECONDS) return;
      proxy.advance(Math.max(0, next.at - seconds()));
      next.work();
    }
  }

  for (const asker of askers)
    at(asker.at, () => {
      ask(asker);
    });
  at(SWEEP_SECONDS, sweepOn);
  await play(choose);
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));

  const of = (name: string): Check => {
    const found = proxy.store.rows().find(({ id }) => id === ids.get(name));
    if (!found) throw new Error(`${name} has no check.`);
    return found;
  };
  const stored = await storedBy(proxy, trace.writtenAt);
  return {
    ...{ proxy, posts, polls, requests, of },
    statuses: () => askers.map(({ name }) => of(name).status),
    /** What the audit has of somebody's check: actions, and whom it joined. */
    trail: (name: string) =>
      (stored.events.get(of(name).id) ?? []).map(({ event: { action, attempt, joined } }) =>
        [action, attempt, joined && nameOf(joined.checkId)].filter((each) => each !== undefined).join(' '),
      ),
    broken: [
      ...breaches({ accepted: [...ids.values()], stored, log: trace.log }),
      // Two messages of one check can poll at the same time, in two instances.
      ...(befallings.length > 0 ? [] : impatient(polls)),
      ...stale(proxy.store.rows(), posts),
    ],
    secondsUntilEnd: (name: string): number => {
      const check = of(name);
      return hasEnded(check) ? (Date.parse(check.finishedAt) - Date.parse(check.createdAt)) / 1000 : Infinity;
    },
  };

  function nameOf(id: string): string {
    return [...ids].find(([, each]) => each === id)?.[0] ?? id;
  }
}

/** Azure is never asked earlier than it has said to whoever asked it first. */
const impatient = (polls: readonly Poll[]): string[] =>
  polls
    .filter(({ at, allowedFrom }) => at < allowedFrom)
    .map(({ checkId, at, allowedFrom }) => `${checkId} polled at ${at} s, and was to wait until ${allowedFrom} s`);

/** Whoever asks gets a measurement that was begun five seconds before, at the most. */
function stale(checks: readonly Check[], posts: readonly Post[]): string[] {
  return checks.flatMap(({ id, joined, createdAt }) => {
    if (joined === undefined) return [];
    const begun = posts
      .filter(({ checkId }) => checkId === joined)
      .map(({ at }) => secondsAfter(new Date(sampleTime), at));
    const isFresh = begun.some((time) => time >= secondsAfter(new Date(createdAt), -5));
    return isFresh ? [] : [`${id} shares a run that was begun too long before it was asked`];
  });
}

const never = (): Promise<never> => new Promise(() => undefined);
