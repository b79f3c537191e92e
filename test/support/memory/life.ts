import { cancel } from '../../../src/check/cancel.ts';
import { failPoisoned } from '../../../src/check/fail-poisoned.ts';
import { createRunExclusive } from '../../../src/check/run-exclusive.ts';
import { share } from '../../../src/check/share/share.ts';
import { isOpen } from '../../../src/check/state/check.ts';
import { deliver } from '../../../src/notify/deliver.ts';
import { sweepNotices } from '../../../src/notify/sweep-notices.ts';
import { step } from '../../../src/check/step.ts';
import { submit } from '../../../src/check/submit.ts';
import { sweep } from '../../../src/check/sweep.ts';
import { Problem } from '../../../src/contract/problem.ts';
import { breaches } from '../faults/invariants.ts';
import { memoryProxy, sampleSubmission, type Script } from './memory-proxy.ts';
import { createTrace, storedBy } from './trace.ts';
import type { Interfere, ProcessDeps, Stage } from './interruptible.ts';

/** What happens to a check, in this order, by processes that may be interrupted. */
export type Act =
  | 'submit'
  | 'submit until accepted'
  | 'work'
  | 'step'
  | 'lose messages'
  | 'sweep'
  | 'cancel'
  | 'share'
  | 'fail poisoned';

export interface Story {
  readonly acts: readonly Act[];
  readonly script?: Script;
  readonly policy?: ProcessDeps['policy'];
  /** Where its end is told. */
  readonly callback?: string;
  /** Statuses in which the check may end. */
  readonly ends: readonly string[];
}

/**
 * What befalls the process that makes a request. `crash`: it is never heard of again. `fault`: the request is answered
 * with an error, executed or not. `stall`: it sleeps for three minutes, while another process does all the work. `cancel`:
 * the requester cancels the check meanwhile.
 */
export type Kind = 'crash' | 'fault' | 'stall' | 'cancel';

/** A process does it. `failed`: it was told an error. */
type Run = (work: (deps: ProcessDeps) => Promise<unknown>) => Promise<'done' | 'crashed' | 'failed'>;

export interface Interruption {
  readonly kind: Kind;
  /** At the how-manieth request of the story, from 0, over all of its processes. */
  readonly at: number;
  readonly stage: Stage;
}

export interface LifeReport {
  /** What was asked in the story, in order. */
  readonly requests: readonly string[];
  /** Sentences; none where all invariants hold. */
  readonly breaches: readonly string[];
}

/** Past a worker's lease of 90 s and the sweeper's grace of 30 s. */
const LEASE_OVER_SECONDS = 125;
const STALL_SECONDS = 180;
const MOST_ROUNDS = 60;
/** A deadline is another story. */
const deadlines = { queueSeconds: 1e6, checkSeconds: 1e6 };
const idempotencyKey = 'story';

/**
 * Lets a check live through its story and the interruptions, and then to its end. A step keeps nothing in memory, so a
 * process that died at a request is a promise that nobody continues.
 */
export async function live(story: Story, interruptions: readonly Interruption[] = []): Promise<LifeReport> {
  const proxy = memoryProxy(story.script, { deadlines, ...(story.policy && { policy: story.policy }) });
  const shared: ProcessDeps = { ...proxy.deps, overdue: proxy.store };
  const { queue } = proxy;
  const requests: string[] = [];
  const trace = createTrace(proxy);
  const accepted = new Set<string>();
  const canceled = new Set<string>();
  /** Messages that died with their workers; the queue shows them again after ten minutes. */
  const hidden: { checkId: string; delaySeconds: number }[] = [];
  const found = () => proxy.store.rows()[0];
  const submission = (): ReturnType<typeof sampleSubmission> => {
    const [actor, { asked, ...key }] = sampleSubmission({ idempotencyKey });
    return [actor, { asked: { ...asked, ...(story.callback && { callback: { url: story.callback } }) }, ...key }];
  };

  const started = (interfere: Interfere): ProcessDeps =>
    trace({ ...shared, runExclusive: createRunExclusive() }, interfere);
  /** A process that nothing befalls. */
  const bystander: Run = async (work) => {
    await work(started(goOn));
    return 'done';
  };

  /** A new process does it, as far as it is let. */
  async function run(work: Parameters<Run>[0]): ReturnType<Run> {
    let die: () => void;
    const death = new Promise<'crashed'>(
      (resolve) =>
        (die = () => {
          resolve('crashed');
        }),
    );
    let isDead = false;
    const interfere: Interfere = async ({ operation }, stage) => {
      if (isDead) return never();
      if (stage === 'before') requests.push(operation);
      const here = interruptions.find(({ at, stage: when }) => at === requests.length - 1 && when === stage);
      if (here?.kind === 'crash') {
        isDead = true;
        die();
        return never();
      }
      if (here?.kind === 'fault') return 'fail';
      if (here?.kind === 'stall') {
        proxy.advance(STALL_SECONDS);
        await settle(bystander);
      }
      if (here?.kind === 'cancel') await bystander(cancelBy);
      return 'go on';
    };
    const done = work(started(interfere)).then(
      () => 'done' as const,
      (error: unknown) => {
        if (error instanceof Problem) return 'failed' as const;
        throw error;
      },
    );
    return Promise.race([done, death]);
  }

  const cancelBy = async (deps: ProcessDeps): Promise<void> => {
    const [actor] = submission();
    const id = found()?.id;
    if (id === undefined) return;
    try {
      await cancel(deps, actor, id);
    } catch (error) {
      if (error instanceof Problem && error.code === 'CheckEnded') return;
      throw error;
    }
    canceled.add(id);
  };

  const shareBy = async (deps: ProcessDeps): Promise<void> => {
    const [actor] = submission();
    const id = found()?.id;
    if (id !== undefined) await share(deps, actor, id, { sharedWith: { until: '2027-03-01T10:00:00.000Z' } });
  };

  const askAgain = async (deps: ProcessDeps): Promise<void> => {
    accepted.add((await submit(deps, ...submission())).check.id);
  };

  /** Of what is told at the same time as checks go on. The queue's own attempts are for crashes, and the sweeper is behind them. */
  async function tellOne(one: Run = run): Promise<void> {
    const message = proxy.noticeQueue.sent.shift();
    if (message === undefined) return;
    proxy.advance(message.delaySeconds);
    await one((deps) => deliver(deps, message.key));
  }

  /** One message, one step. A step that threw comes again, one that died only later. */
  async function takeOne(one: Run = run): Promise<void> {
    const message = queue.sent.shift();
    if (message === undefined) return tellOne(one);
    proxy.advance(message.delaySeconds);
    const end = await one((deps) => step(deps, message.checkId));
    if (end === 'failed') queue.sent.push({ ...message, delaySeconds: 30 });
    if (end === 'crashed') hidden.push({ ...message, delaySeconds: 0 });
  }

  const work = async (): Promise<void> => {
    for (let i = 0; isSent(); i++) {
      if (i > MOST_ROUNDS) throw new Error('The queue does not empty.');
      await takeOne();
    }
  };

  /** Whoever is told of an error, or of nothing, asks again. */
  const insist = async (act: (deps: ProcessDeps) => Promise<unknown>): Promise<void> => {
    for (let i = 0; (await run(act)) !== 'done'; i++) {
      if (i > MOST_ROUNDS) throw new Error('It is never done.');
      proxy.advance(1);
    }
  };

  const acts: Readonly<Record<Act, () => Promise<unknown>>> = {
    // What becomes of a request that nobody repeats is seen before it is repeated, at the end.
    submit: () => run(askAgain),
    'submit until accepted': () => insist(askAgain),
    work,
    step: () => takeOne(),
    'lose messages': () => Promise.resolve([queue.sent.splice(0), proxy.noticeQueue.sent.splice(0)]),
    sweep: () => {
      proxy.advance(LEASE_OVER_SECONDS);
      return run(sweepAll);
    },
    cancel: () => insist(cancelBy),
    share: () => insist(shareBy),
    'fail poisoned': () =>
      insist(async (deps) => {
        const id = found()?.id;
        // By then the host has tried five times.
        proxy.advance(LEASE_OVER_SECONDS);
        if (id !== undefined) await failPoisoned(deps, id);
      }),
  };

  /** Time passes, the sweeper comes and workers work until nothing is left to be done. */
  async function settle(one: Run = run): Promise<void> {
    const isOver = () => !proxy.store.rows().some(isOpen) && !(found() && hasNotices());
    for (let i = 0; i < MOST_ROUNDS && (isSent() || !isOver()); i++) {
      if (isSent()) await takeOne(one);
      else {
        proxy.advance(60);
        await one(sweepAll);
      }
    }
  }

  /** A notice of what was never accepted goes when somebody looks for that: long after any submit. */
  async function forgetStrays(): Promise<void> {
    if (found() || !hasNotices()) return;
    proxy.advance(4000);
    await bystander(sweepAll);
    while (isSent()) await takeOne(bystander);
  }

  const isSent = (): boolean => queue.sent.length + proxy.noticeQueue.sent.length > 0;
  const hasNotices = (): boolean => proxy.notices.rows().length > 0;

  /** Whoever must be told of the end was, and what is secret about them is gone. */
  function untold(): string[] {
    const check = found();
    const left = hasNotices() ? ['A notice is left.'] : [];
    if (!story.callback || !check) return left;
    const { status = 'none' } = check.callback ?? {};
    if (status !== 'delivered') left.push(`Its callback ended as ${status}.`);
    if (proxy.posts.length === 0) left.push('Nobody was told.');
    if (new Set(proxy.posts.map(({ id }) => id)).size > 1) left.push('One end was told under two ids.');
    return left;
  }

  async function evidence(): Promise<string[]> {
    const others = breaches({
      accepted: [...accepted],
      stored: await storedBy(proxy, trace.writtenAt),
      log: trace.log,
    });
    return [...others, ...untold()];
  }

  for (const act of story.acts) await acts[act]();
  await settle();
  await forgetStrays();
  const first = await evidence();
  await insist(askAgain);
  queue.sent.push(...hidden.splice(0));
  await settle();
  const last = await evidence();
  const check = found();
  const ends = canceled.size > 0 ? ['Canceled'] : story.ends;
  const wrongEnd = check && !ends.includes(check.status) ? [`It ended as ${check.status}, not as ${ends.join()}.`] : [];
  return { requests, breaches: [...first, ...last, ...wrongEnd] };
}

/** One after the other, so that what befalls one is no matter of luck. */
async function sweepAll(deps: ProcessDeps): Promise<void> {
  await sweep(deps);
  await sweepNotices(deps);
}

const goOn: Interfere = () => Promise.resolve('go on');
const never = (): Promise<never> => new Promise(() => undefined);
