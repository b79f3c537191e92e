import { createHash } from 'node:crypto';
import { createLimitWaits } from '../../../src/check/limit-waits.ts';
import type { WaitDeps } from '../../../src/check/await-end.ts';
import type { CompareDeps } from '../../../src/check/compare/comparison.ts';
import type { FindIdDeps } from '../../../src/check/sight/find-id.ts';
import type { Check } from '../../../src/check/state/check.ts';
import { memoryFlowIndex } from './memory-flow-index.ts';
import { createRunExclusive } from '../../../src/check/run-exclusive.ts';
import type { StepDeps } from '../../../src/check/step.ts';
import type { OverdueChecks } from '../../../src/check/ports/overdue-checks.ts';
import type { WorkDeps } from '../../../src/jobs/work.ts';
import { stepSet } from '../../../src/set/step.ts';
import { setAsSubject } from '../../../src/set/set-as-subject.ts';
import type { SigningKey } from '../../../src/audit/checkpoint/signing-key.ts';
import { step } from '../../../src/check/step.ts';
import { deliver, type DeliverDeps } from '../../../src/notify/deliver.ts';
import { checkAsSubject } from '../../../src/notify/ended-check.ts';
import { createListeners } from '../../../src/notify/listeners.ts';
import type { Message, PostOutcome } from '../../../src/notify/ports/post.ts';
import { sweepNotices } from '../../../src/notify/sweep-notices.ts';
import type { SubmitDeps, Submission } from '../../../src/check/submit.ts';
import type { WaitingCheck } from '../../../src/check/state/check.ts';
import { firstEventOf } from '../../../src/check/state/event-of.ts';
import { sweep } from '../../../src/check/sweep.ts';
import type { ConnectivityParameters } from '../../../src/arm/connectivity-parameters.ts';
import type { Actor } from '../../../src/contract/actor.ts';
import type { CheckRequest } from '../../../src/contract/request/check-request.ts';
import { readSide } from '../../../src/contract/request/side.ts';
import type { Answer, Found, NetworkWatcher } from '../../../src/check/ports/network-watcher.ts';
import { unknownState } from '../../../src/contract/answer/source.ts';
import type { KeptListing } from '../../../src/sources/kept-listing.ts';
import type { NamesDeps } from '../../../src/sources/machines-named.ts';
import type { SourceStates } from '../../../src/sources/source-states.ts';
import { parsePolicy, type Policy } from '../../../src/policy/policy.ts';
import {
  memoryAuditLog,
  memoryCheckQueue,
  memoryCheckStore,
  memoryNoticeQueue,
  memoryNotices,
  memoryPauses,
  memoryRefusalCounts,
  memoryRuns,
  memorySetQueue,
} from './memory-storage.ts';
import { sampleCaller, sampleCheck, sampleTime, watcherId } from '../samples.ts';

export function policyOf(rules: readonly object[], limits: object = {}, more: object = {}): Policy {
  const parsed = parsePolicy(JSON.stringify({ version: 1, rules, limits, ...more }));
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  return parsed.policy;
}

export const allowAll = policyOf([{ id: 'all', effect: 'allow' }]);

/** What ARM is to say, call by call; the last answer is repeated. */
export interface Script {
  readonly find?: readonly Found[];
  readonly begin?: readonly Answer[];
  readonly poll?: readonly Answer[];
  /** What receivers of callbacks answer: a status, or why there is none. */
  readonly post?: readonly (number | string)[];
}

export const body = JSON.stringify({ hops: [], connectionStatus: 'Reachable', probesSent: 100, probesFailed: 0 });
export const done = { kind: 'done', body, arm: { status: 200, requestId: 'arm-1' } } satisfies Answer;
/** Where ARM may be asked about the sample check's operation. */
export const operationUrlOf = (n: number | string): string =>
  `https://arm.example${watcherId.split('/').slice(0, 3).join('/')}/providers/Microsoft.Network/locations/west/operationResults/${n}`;
export const accepted = {
  kind: 'running',
  operationUrl: operationUrlOf(1),
  afterSeconds: 10,
  arm: { status: 202 },
} satisfies Answer;

export interface ArmCall {
  readonly kind: 'find' | 'begin' | 'poll';
  readonly at: number;
  readonly url?: string;
}

/** Azure says nothing of any source. */
export const noStates: SourceStates = {
  soon: () => Promise.resolve(unknownState),
  now: () => Promise.resolve(unknownState),
};

/** Azure has no machines. */
export const noListing: KeptListing = {
  get: () => Promise.resolve({ at: sampleTime, sources: [], unreadable: [] }),
  recent: () => Promise.resolve(undefined),
};

type SetDeps = Pick<
  WorkDeps,
  'sets' | 'setQueue' | 'setListeners' | 'setDeadlineSeconds' | 'signingKey' | 'submitTurns'
> & {
  readonly overdueSets: OverdueChecks;
};
type All = StepDeps & SubmitDeps & SetDeps & WaitDeps & NamesDeps & CompareDeps & FindIdDeps;
export type MemoryDeps = All & DeliverDeps;

/** Signs as if it were a key. */
const readableKey: SigningKey = {
  keyId: 'readable',
  sign: (payload) => Promise.resolve(`header.${Buffer.from(payload).toString('base64url')}.signature`),
  verify: (jws) => Promise.resolve(jws.endsWith('.signature') ? 'known' : 'broken'),
};

/** The rules of a check on memory adapters, with a clock that moves as fast as the queue empties. */
export function memoryProxy(script: Script = {}, changes: Partial<MemoryDeps> = {}) {
  let time = Date.parse(sampleTime);
  let ids = 0;
  const calls: ArmCall[] = [];
  const store = memoryCheckStore();
  const audit = memoryAuditLog();
  const queue = memoryCheckQueue();
  const setQueue = memorySetQueue();
  const now = (): Date => new Date(time);
  const next = <T>(answers: readonly T[] | undefined, kind: ArmCall['kind'], fallback: T, url?: string): Promise<T> => {
    const before = calls.filter((call) => call.kind === kind).length;
    calls.push({ kind, at: time, ...(url === undefined ? {} : { url }) });
    return Promise.resolve(answers?.[Math.min(before, answers.length - 1)] ?? fallback);
  };
  const notices = memoryNotices();
  const noticeQueue = memoryNoticeQueue();
  const posts: (Message & { readonly at: number })[] = [];
  const post = (message: Message): Promise<PostOutcome> => {
    const answer = script.post?.[Math.min(posts.length, script.post.length - 1)] ?? 204;
    posts.push({ ...message, at: time });
    return Promise.resolve(
      typeof answer === 'number' ? { kind: 'answered', status: answer } : { kind: 'failed', cause: answer },
    );
  };
  const watcher: NetworkWatcher = {
    find: () => next(script.find, 'find', { kind: 'found', networkWatcher: watcherId }),
    begin: () => next(script.begin, 'begin', done),
    poll: (url) => next(script.poll, 'poll', done, url),
  };
  const ports = {
    store,
    history: store,
    flowIndex: memoryFlowIndex(store.rows),
    ownCheckIds: (requesterId, most) => Promise.resolve(newestIds(store.rows(), requesterId).slice(0, most)),
    refusals: memoryRefusalCounts(),
    pauses: memoryPauses(),
    runs: memoryRuns(),
    runExclusive: createRunExclusive(),
    limitWaits: createLimitWaits(),
    looks: new Map(),
    idSecret: () => Promise.resolve('a secret of the app'),
    audit,
    knownRequests: new Map(),
    queue,
    sets: store.sets,
    setQueue,
    overdueSets: store.overdueSets,
    setDeadlineSeconds: 86_400,
    signingKey: readableKey,
    submitTurns: createRunExclusive(),
    watcher,
    sources: noStates,
    listing: noListing,
    within: (_milliseconds, work) => work,
    policy: allowAll,
    deadlines: { queueSeconds: 3600, checkSeconds: 600 },
    paused: false,
    random: () => 0.5,
    sleep: (milliseconds) => {
      time += milliseconds;
      return Promise.resolve();
    },
    now,
    newId: () => uuidOf(String(ids++)),
    deputy: 'system-assigned',
    warn: () => undefined,
    tellGarbled: () => undefined,
    onEnded: () => undefined,
    ...changes,
  } satisfies Omit<All, 'listeners' | 'setListeners'>;
  const listeners = createListeners({ notices, noticeQueue, now }, 'check');
  const setListeners = createListeners({ notices, noticeQueue, now }, 'set');
  const findCheck = checkAsSubject({ ...ports, listeners });
  const deps: MemoryDeps = {
    ...ports,
    ...{ listeners, setListeners, notices, noticeQueue, post },
    findSubject: (about) =>
      about.kind === 'check' ? findCheck(about) : setAsSubject({ ...ports, setListeners }, about.id),
  };

  return {
    deps,
    store,
    audit,
    queue,
    setQueue,
    calls,
    now,
    /** A check that stands in storage as if it had just been accepted. */
    async accept(check: WaitingCheck): Promise<void> {
      await audit.record({ ...firstEventOf(deps, check), action: 'requested', checkId: check.id });
      await store.insert(check);
    },
    advance: (seconds: number): void => {
      time += seconds * 1000;
    },
    actions: (): string[] => audit.events().map(({ action }) => action),
    /** Delivers messages in the order of their time, until none is left. */
    async drain(limit = 10_000): Promise<void> {
      for (let i = 0; queue.sent.length > 0; i++) {
        if (i >= limit) throw new Error('the queue does not empty');
        const message = queue.sent.shift()!;
        time += message.delaySeconds * 1000;
        await step(deps, message.checkId);
      }
    },
    /** The next step of each set that is to come. */
    async stepSets(): Promise<void> {
      for (const { setId, delaySeconds } of setQueue.sent.splice(0)) {
        time += delaySeconds * 1000;
        await stepSet(deps, setId);
      }
    },
    sweep: () => sweep({ ...deps, overdue: store }),
    notices,
    noticeQueue,
    posts,
    /** Delivers messages about notices in the order of their time, until none is left. */
    async drainNotices(limit = 1000): Promise<void> {
      for (let i = 0; noticeQueue.sent.length > 0; i++) {
        if (i >= limit) throw new Error('the queue of notices does not empty');
        const message = noticeQueue.sent.shift()!;
        time += message.delaySeconds * 1000;
        await deliver(deps, message.key);
      }
    },
    sweepNotices: () => sweepNotices(deps),
  };
}

const newestIds = (rows: readonly Check[], requesterId: string): string[] =>
  rows
    .filter(({ caller }) => caller.requester.id === requesterId)
    .sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1))
    .map(({ id }) => id);

/** A request as it is after it was read. */
export function askedOf(request: ConnectivityParameters): CheckRequest {
  const [source, destination] = [readSide(request.source), readSide(request.destination)];
  if (!source || !destination) throw new Error('The request cannot be read.');
  return { request, sides: { source, destination } };
}

/** What `submit` takes after its `deps`. */
export function sampleSubmission(changes: Partial<Actor & Submission> = {}): [Actor, Submission] {
  const { request, reason } = sampleCheck();
  const { caller = sampleCaller(), origin = sampleCheck().origin, ...submission } = changes;
  return [
    { caller, origin },
    { asked: { ...askedOf(request), reason }, ...submission },
  ];
}

/** A UUID that is the same in every run. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
