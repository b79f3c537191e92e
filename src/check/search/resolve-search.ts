import type { Protocol } from '../../arm/connectivity-parameters.ts';
import type { KnownRequesters } from '../../audit/known-requesters.ts';
import type { AskedTarget } from '../../contract/search/asked-target.ts';
import { type FlowFilter, MOST_VALUES } from '../../contract/search/flow-filter.ts';
import { type Moment, momentAt } from '../../contract/search/moment.ts';
import { type FieldError, Problem } from '../../contract/problem.ts';
import type { Actor } from '../../contract/actor.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { flowContradictions, timeContradictions } from './contradictions.ts';
import { resolveRequesters } from './resolve-requesters.ts';
import { type Kept, resolveRules } from './resolve-rules.ts';
import { resolveTargets, wantedDestination, wantedSource } from './resolve-targets.ts';

export interface SearchDeps extends NamesDeps {
  readonly knownRequesters: KnownRequesters;
  readonly now: () => Date;
}

/** What every search can ask for, each by one or several values. */
export interface AskedSearch {
  readonly requester?: readonly string[] | undefined;
  readonly source?: readonly AskedTarget[] | undefined;
  readonly destination?: readonly AskedTarget[] | undefined;
  readonly port?: readonly number[] | undefined;
  readonly protocol?: readonly Protocol[] | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly from?: Moment | undefined;
  readonly to?: Moment | undefined;
}

export interface ResolvedSearch extends FlowFilter {
  readonly requesters?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

interface Search {
  readonly filter: ResolvedSearch;
  /** What names nothing, and what cannot be true together. */
  readonly faults: readonly FieldError[];
}

/**
 * What is looked for, with names and times resolved. Throws `MissingRole`, `StorageUnavailable`; faults are answered,
 * because a search has more of its own.
 */
export async function resolveSearch(deps: SearchDeps, actor: Actor, asked: AskedSearch, kept: Kept): Promise<Search> {
  const { caller } = actor;
  const now = deps.now();
  const requesters = await resolveRequesters(deps, caller, asked.requester);
  const rules = await resolveRules(deps, caller, asked.rule, kept);
  const { sources, destinations } = await resolveTargets(deps, actor, asked);
  const filter = {
    requesters: given(requesters.values),
    sources: given(sources.values.map(wantedSource)),
    destinations: given(destinations.values.map(wantedDestination)),
    ports: asked.port,
    protocols: asked.protocol,
    rules: given(rules.values),
    from: asked.from && momentAt(asked.from, now),
    to: asked.to && momentAt(asked.to, now),
  };
  const faults = [requesters, sources, destinations, rules].flatMap((each) => each.faults);
  return { filter, faults: [...faults, ...flowContradictions(filter), ...timeContradictions(filter, now)] };
}

/** Refuses a search that cannot find anything, and one that storage has no room for. Throws `InvalidRequest`. */
export function assertCanMatch(filter: object, faults: readonly FieldError[]): void {
  const values = Object.values(filter).reduce((sum: number, each: unknown) => sum + countOf(each), 0);
  const tooMany = { code: 'InvalidValue', message: `Give at most ${MOST_VALUES} values in all: ask several times.` };
  const all = [...faults, ...(values > MOST_VALUES ? [tooMany] : [])];
  if (all.length === 0) return;
  throw new Problem('InvalidRequest', 'The query is not usable; details names each fault.', { details: all });
}

const countOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

const given = <T>(values: readonly T[]): readonly T[] | undefined =>
  values.length > 0 ? [...new Set(values)] : undefined;
