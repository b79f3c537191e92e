import type { AuditAction } from '../../../src/audit/event.ts';
import { type Check, hasEnded } from '../../../src/check/state/check.ts';
import type { Io } from './io-trace.ts';
import type { Stored, StoredEvent } from './stored-state.ts';

interface Evidence {
  /** Ids of checks that were answered with 202. */
  readonly accepted: readonly string[];
  readonly stored: Stored;
  /** Every request that went through the proxies. */
  readonly log: readonly Io[];
}

const lastActions = { Succeeded: 'finished', Failed: 'failed', Canceled: 'canceled' } as const;
const terminal: readonly AuditAction[] = ['finished', 'failed', 'canceled'];

/** Others' doing at any time, which moves a check nowhere. */
const beside: readonly AuditAction[] = ['shared', 'unshared', 'read'];

/**
 * What is wrong, a sentence for each breach; nothing where every accepted check has ended (I1), no POST went to ARM
 * before its events were durable (I2), every check has one result (I3), every transition its event exactly once (I4), and
 * nothing is kept to be seen of what policy denied (I5). Checks that were kept without a 202 are held to the same.
 */
export function breaches({ accepted, stored, log }: Evidence): string[] {
  const lost = accepted.filter((id) => !stored.checks.has(id)).map((id) => `I1 ${id}: accepted, and not stored`);
  const open = stored.open.map((id) => `I1 ${id}: accepted, and not ended`);
  const posts = postsByCheck(log);
  const ended = [...stored.checks.values()].flatMap((check) =>
    breachesOf(check, stored.events.get(check.id) ?? [], posts.get(check.id) ?? [], stored, (id) => posts.has(id)),
  );
  const orphans = [...stored.events].filter(([id]) => !stored.checks.has(id));
  const strays = orphans.flatMap(([id, events]) =>
    events.map(actionOf).join() === 'requested' ? [] : [`I4 ${id}: events of a check that is not stored`],
  );
  const ghosts = [...posts.keys()]
    .filter((id) => !stored.checks.has(id))
    .map((id) => `I2 ${id}: a POST without a check`);
  return [...lost, ...open, ...ended, ...strays, ...ghosts];
}

/** POSTs that reached ARM, by check, in the order in which they were sent: a log has them as they were answered. */
export function postsByCheck(log: readonly Io[]): Map<string, Io[]> {
  const posts = new Map<string, Io[]>();
  for (const io of log.toSorted((one, other) => one.begun - other.begun)) {
    if (io.operation !== 'begin' || !io.executed) continue;
    for (const id of io.checkIds) posts.set(id, [...(posts.get(id) ?? []), io]);
  }
  return posts;
}

const actionOf = ({ event }: StoredEvent): AuditAction => event.action;

function breachesOf(
  check: Check,
  events: readonly StoredEvent[],
  posts: readonly Io[],
  stored: Stored,
  isBegun: (checkId: string) => boolean,
): string[] {
  if (!hasEnded(check)) return [];
  const found: string[] = [];
  const expect = (isSo: boolean, breach: string): void => {
    if (!isSo) found.push(`${breach.slice(0, 2)} ${check.id}:${breach.slice(2)}`);
  };
  const actions = events.map(actionOf).filter((action) => !beside.includes(action));
  const begun = events.filter(({ event }) => event.action === 'started');
  const started = begun.filter(({ event }) => event.joined === undefined);
  const joined = begun.flatMap(({ event }) => event.joined?.checkId ?? []);
  const last = lastActions[check.status];
  const told = check.callback && check.callback.status !== 'pending' ? ['exported'] : [];
  const shared = check.joined === undefined ? [] : [check.joined];
  const starts = Array.from({ length: shared.length + check.attempts }, () => 'started');
  const wanted = ['requested', ...starts, last, ...told];

  expect(check.pendingEvent === undefined, 'I1 ended, but its last event is not known to be in the log');
  expect(check.awaited === undefined, 'I1 ended, but whoever awaits it is not known to be told');
  expect(actions.filter((action) => terminal.includes(action)).length === 1, `I3 its ends are ${actions.join()}`);
  expect(hasAnswer(check) === stored.answers.has(check.id), 'I3 the result and the status do not belong together');
  expect(actions.join() === wanted.join(), `I4 its events are ${actions.join()}, and should be ${wanted.join()}`);
  expect(new Set(events.map(({ event }) => event.id)).size === events.length, 'I4 two events have one id');
  expect(
    attempts(begun).join() === [...shared.map(() => undefined), ...started.map((_, i) => i + 1)].join(),
    'I4 the attempts are not 1, 2 …, after at most one that was joined',
  );
  expect(joined.join() === shared.join(), `I4 it joined ${shared.join()}, and its events say ${joined.join()}`);
  expect(shared.every(isBegun), 'I2 it shares a run that was never begun');
  expect(posts.length <= started.length, `I2 ${posts.length} POSTs, and ${started.length} events of them`);
  posts.forEach((post, i) => {
    const durable = [events[0], started[i]].every((event) => event !== undefined && event.writtenAt <= post.begun);
    expect(durable, `I2 POST ${i + 1} came before its events`);
  });
  const isShared = events.some(({ event }) => event.action === 'shared');
  expect(isShared === (check.sharedWith !== undefined), 'I4 its share and the event of it do not belong together');
  const isWithheld = check.status === 'Failed' && !stored.answers.has(check.id);
  expect(check.decision.allowed || isWithheld, 'I5 its result is kept, which policy denies');
  return found;
}

const attempts = (started: readonly StoredEvent[]) => started.map(({ event }) => event.attempt);

const hasAnswer = (check: Check): boolean => 'answerStatus' in check && check.answerStatus !== undefined;
