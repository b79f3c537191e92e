import type { Actor } from '../../contract/actor.ts';
import type { Comparison } from '../../contract/answer/comparison.ts';
import { type PassOverDeps, unlessGarbled } from '../../contract/rows/not-as-written.ts';
import { Problem } from '../../contract/problem.ts';
import { compare } from '../../verdict/compare/compare.ts';
import { endedOf } from '../flow/ended-of.ts';
import type { FlowIndex } from '../flow/flow-index.ts';
import { isSameQuestion, questionOf } from '../flow/question.ts';
import { noSuchCheck, read, type ReadDeps, recordReading } from '../read.ts';
import { seenOf, sightOf, type Telling, tellingOf } from '../sight/sight.ts';
import { type Check, type EndedCheck, hasEnded } from '../state/check.ts';
import { codeOf, outcomeOf } from './outcome.ts';

export interface CompareDeps extends ReadDeps, PassOverDeps {
  readonly flowIndex: FlowIndex;
}

/** The newest of the question that was `Reachable`, the newest with a reachability, or the check of that id. */
export type With = 'lastGood' | 'previous' | { readonly id: string };

interface OtherSide {
  readonly check: EndedCheck;
  readonly telling: Telling;
}

/** So many of the newest are looked at for one that the caller may be told of. */
const MOST_LOOKED_AT = 20;

/**
 * What is not as it was when the same was asked before. The check is one that the actor may read; of the other side they
 * hear what they may be told. Throws `NotFound`, `CheckOpen`, `InvalidRequest`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function comparison(deps: CompareDeps, actor: Actor, checkId: string, wanted: With): Promise<Comparison> {
  const resource = `/api/checks/${checkId}/comparison`;
  const check = endedOrThrow(await read(deps, actor, checkId, resource));
  const own = { id: check.id, ...toldOf(check) };
  const other = await otherSide(deps, actor, check, wanted);
  if (!other) return { check: own, changed: false, changes: [] };
  await recordReading(deps, actor, other.check, other.telling.sight ?? 'told', resource);
  const [before, after] = await Promise.all([outcomeOf(deps, other.check), outcomeOf(deps, check)]);
  const changes = compare(before, after);
  const id = other.telling.sight === undefined ? {} : { id: other.check.id };
  return { check: own, with: { ...id, ...toldOf(other.check) }, changed: changes.length > 0, changes };
}

function toldOf(check: EndedCheck) {
  const at = check.finishedAt;
  if (check.status === 'Succeeded') return { at, reachability: check.verdict.reachability };
  return { at, error: { code: codeOf(check) } };
}

async function otherSide(
  deps: CompareDeps,
  actor: Actor,
  check: EndedCheck,
  wanted: With,
): Promise<OtherSide | undefined> {
  if (typeof wanted === 'object') return namedSide(deps, actor, check, wanted.id);
  const which = wanted === 'lastGood' ? 'reachable' : 'withReachability';
  const before = new Date(check.finishedAt);
  for (const each of await deps.flowIndex.newest(questionOf(check.request), which, MOST_LOOKED_AT, before)) {
    const other = await unlessGarbled(deps, async () => {
      const found = await endedOf(deps, each);
      const telling = found && (await tellingOf(deps, actor.caller, seenOf(found)));
      return telling && { check: found, telling };
    });
    if (other) return other;
  }
  return undefined;
}

async function namedSide(deps: CompareDeps, { caller }: Actor, check: EndedCheck, id: string): Promise<OtherSide> {
  const found = (await deps.store.find(id))?.check;
  const sight = found && (await sightOf(deps, caller, seenOf(found)));
  if (!found || sight === undefined) throw noSuchCheck();
  const other = endedOrThrow(found);
  if (!isSameQuestion(questionOf(other.request), questionOf(check.request)))
    throw unusable('That check asks something else: give one of the same source, destination, port and protocol.');
  if (other.id === check.id) throw unusable('That is the same check: give one that ended before it.');
  if (other.finishedAt > check.finishedAt)
    throw unusable('That check ended later than this one: compare that one with this.');
  return { check: other, telling: { sight } };
}

const unusable = (message: string): Problem => new Problem('InvalidRequest', message, { target: 'with' });

function endedOrThrow(check: Check): EndedCheck {
  if (hasEnded(check)) return check;
  throw new Problem('CheckOpen', `The check ${check.id} has not ended: wait for its end, and compare it then.`);
}
