import type { OverdueChecks } from '../../../src/check/ports/overdue-checks.ts';
import type { DeliverDeps } from '../../../src/notify/deliver.ts';
import { checkAsSubject } from '../../../src/notify/ended-check.ts';
import { createListeners } from '../../../src/notify/listeners.ts';
import type { Answer } from '../../../src/check/ports/network-watcher.ts';
import type { StepDeps } from '../../../src/check/step.ts';
import type { SubmitDeps } from '../../../src/check/submit.ts';
import { Problem } from '../../../src/contract/problem.ts';

export interface MemoryRequest {
  /** The port's method: `insert`, `replace`, `append`, `send`, `begin` … */
  readonly operation: string;
  /** Only of what is asked of ARM. */
  readonly checkId: string | undefined;
}

export type Stage = 'before' | 'after';

/** Told of each request before it is executed and after; its promise never settles where the process dies there. */
export type Interfere = (request: MemoryRequest, stage: Stage) => Promise<'go on' | 'fail'>;

export type ProcessDeps = StepDeps & SubmitDeps & DeliverDeps & { readonly overdue: OverdueChecks };

type Call = (...given: never[]) => Promise<unknown>;

const lost: Answer = { kind: 'retry', failure: { code: 'AzureFailed', message: 'The connection broke.' }, arm: {} };

/** What a process asks of storage, queue and ARM, each request through `interfere`. */
export function interruptible(deps: ProcessDeps, interfere: Interfere): ProcessDeps {
  const unknown = (): never => {
    throw new Problem('StorageUnavailable', 'It cannot be known what is stored.', { retryAfterSeconds: 5 });
  };
  const { store, audit, queue, watcher, pauses, runs, overdue } = deps;
  const through = <P extends object>(
    port: P,
    names: (keyof P & string)[],
    failed: () => unknown = unknown,
    what = '',
  ): P => {
    const calls = names.map((operation) => {
      const call = port[operation] as Call;
      const interrupted = async (...given: never[]): Promise<unknown> => {
        const request = { operation: operation + what, checkId: checkIdIn(given) };
        if ((await interfere(request, 'before')) === 'fail') return failed();
        const answer = await call(...given);
        return (await interfere(request, 'after')) === 'fail' ? failed() : answer;
      };
      return [operation, interrupted] as const;
    });
    return { ...port, ...Object.fromEntries(calls) };
  };

  async function* claimed<T>(ids: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = ids[Symbol.asyncIterator]();
    for (;;) {
      const { next } = through({ next: () => iterator.next() }, ['next']);
      const turn = await next();
      if (turn.done) return;
      yield turn.value;
    }
  }

  const ports = {
    ...deps,
    store: through(store, ['insert', 'find', 'replace', 'answer']),
    knownRequests: new Map(),
    audit: through(audit, ['record', 'append', 'find']),
    notices: {
      ...through(deps.notices, ['insert', 'find', 'findAll', 'replace', 'remove'], unknown, ' notice'),
      claimOverdue: (now: Date) => deps.notices.claimOverdue(now).map(claimed),
    },
    noticeQueue: through(deps.noticeQueue, ['send'], unknown, ' notice'),
    ...through({ post: deps.post }, ['post'], () => ({ kind: 'failed', cause: 'The connection broke.' })),
    queue: through(queue, ['send']),
    runs: through(runs, ['find', 'note'], unknown, ' of run'),
    pauses: through(pauses, ['secondsBetween']),
    watcher: through(watcher, ['find', 'begin', 'poll'], () => lost),
    overdue: { claim: (now: Date) => overdue.claim(now).map(claimed) },
  };
  const listeners = createListeners(ports, 'check');
  return { ...ports, listeners, findSubject: checkAsSubject({ ...ports, listeners }) };
}

/** ARM is told the check's id with every request. */
function checkIdIn(given: readonly unknown[]): string | undefined {
  const last = given.at(-1);
  return typeof last === 'object' && last !== null && 'clientRequestId' in last
    ? String(last.clientRequestId)
    : undefined;
}
