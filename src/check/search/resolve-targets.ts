import { formatResourceId } from '../../arm/resource-id.ts';
import type { Actor } from '../../contract/actor.ts';
import type { Caller, Via } from '../../contract/requester.ts';
import type { Side } from '../../contract/request/side.ts';
import {
  type AskedTarget,
  destinationForms,
  notADestination,
  notASource,
  sourceForms,
} from '../../contract/search/asked-target.ts';
import type { WantedDestination } from '../../contract/search/flow-filter.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import type { Policy } from '../../policy/policy.ts';
import { type MachineSide, machinesNamed, type NamesDeps } from '../../sources/machines-named.ts';
import { mayReadAll } from '../sight/sight.ts';
import { pointersOf } from './pointers-of.ts';
import { ambiguous, found, gather, type One, type Resolved, unknownName, unreadNames, wrong } from './resolved.ts';

/** What a target stands for. */
export interface ResolvedTarget extends Side {
  /** What asks for the same on the next page: a machine's name may be another's by then. */
  readonly askedAs: string;
}

interface AskedTargets {
  readonly source?: readonly AskedTarget[] | undefined;
  readonly destination?: readonly AskedTarget[] | undefined;
  /** A host name is first looked for among the names of machines, as a check in words does. */
  readonly hostsLast?: boolean | undefined;
}

interface ResolvedTargets {
  readonly sources: Resolved<ResolvedTarget>;
  readonly destinations: Resolved<ResolvedTarget>;
}

/**
 * What sources and destinations stand for that are looked for: the name of an endpoint first, then what the text is by
 * itself, then the name of a machine, for which alone the list of machines is read.
 */
export async function resolveTargets(
  deps: NamesDeps,
  actor: Actor,
  { source = [], destination = [], hostsLast = false }: AskedTargets,
): Promise<ResolvedTargets> {
  const resolve = hostsLast ? resolveHostLast : resolveOne;
  const all = (side: MachineSide, targets: readonly AskedTarget[]) =>
    Promise.all(targets.map((target) => resolve(deps, actor, side, target)));
  const [sources, destinations] = await Promise.all([all('source', source), all('destination', destination)]);
  return { sources: gather('source', sources), destinations: gather('destination', destinations) };
}

export const wantedSource = ({ resource }: ResolvedTarget): string => (resource ? formatResourceId(resource) : '');

/** The name of an endpoint stands for its port, too, where it has one. */
export function wantedDestination({ resource, address, port, askedAs }: ResolvedTarget): WantedDestination {
  const destination = resource ? formatResourceId(resource) : (address?.canonical ?? '');
  return { destination, ...(port !== undefined && { port }), askedAs };
}

/** A name with a dot that is no machine's, as far as is known, is a host's: a name without one could only be a machine's. */
async function resolveHostLast(
  deps: NamesDeps,
  actor: Actor,
  side: MachineSide,
  target: AskedTarget,
): Promise<One<ResolvedTarget>> {
  if (!target.isName || target.side?.address?.kind !== 'host') return resolveOne(deps, actor, side, target);
  const named = await resolveOne(deps, actor, side, { ...target, side: undefined });
  const isHost = 'code' in named && named.code !== 'AmbiguousName';
  return isHost ? found({ ...target.side, askedAs: target.text }) : named;
}

async function resolveOne(
  deps: NamesDeps,
  actor: Actor,
  side: MachineSide,
  { text, isName, side: own }: AskedTarget,
): Promise<One<ResolvedTarget>> {
  const endpoint = isName ? endpointFor(deps.policy, actor.caller, text) : undefined;
  if (endpoint && side === 'source' && !endpoint.resource)
    return wrong('This endpoint is an address; a source is a resource: give its whole resource id.');
  if (endpoint) return found({ ...endpoint, port: portOf(endpoint), askedAs: text });
  return own ? found({ ...own, askedAs: text }) : machineOf(deps, actor, side, text);
}

/**
 * What a name of the policy stands for. Whoever reads everybody's checks may look for every endpoint; to others those are
 * unknown that no rule opens to them.
 */
const endpointFor = (policy: Policy, caller: Caller, name: string): Side | undefined =>
  mayReadAll(caller) ? policy.endpoints.get(name) : findNamedTarget(policy, caller, name);

const portOf = ({ port }: Side): number | undefined => (port === 0 ? undefined : port);

/** As a submit takes it: the one of that name. Whoever reads everybody's checks may look for every machine. */
async function machineOf(deps: NamesDeps, actor: Actor, side: MachineSide, name: string): Promise<One<ResolvedTarget>> {
  const readsAll = mayReadAll(actor.caller);
  const { ids, isListWhole } = await machinesNamed(deps, actor, { side, name, among: readsAll ? 'all' : 'open' });
  const [first, ...others] = ids;
  if (!first) return unknown(side, name, { readsAll, isListWhole, via: actor.caller.requester.via });
  if (others.length === 0) return found({ resource: first, askedAs: formatResourceId(first) });
  return ambiguous(
    ...ids.map((id) => `Several have this name: give the resource id of one, such as ${formatResourceId(id)}.`),
  );
}

/** What was looked through, and what to give instead. */
function unknown(
  side: MachineSide,
  name: string,
  { readsAll, isListWhole, via }: { readonly readsAll: boolean; readonly isListWhole: boolean; readonly via: Via },
): One<never> {
  const wrongForm = side === 'source' ? notASource(name) : notADestination(name);
  if (wrongForm !== undefined) return wrong(wrongForm);
  const looked = `No endpoint and no ${side === 'source' ? 'source' : 'machine'} of this name is ${readsAll ? 'known' : 'open to you'}`;
  const forms = side === 'source' ? sourceForms : destinationForms;
  const { names, port } = pointersOf(via);
  const hint = ` ${names}${side === 'destination' && /^\d+$/.test(name) ? ` ${port}` : ''}`;
  if (isListWhole) return unknownName(`${looked}: give ${forms}.${hint}`);
  return unreadNames(
    `${looked}, as far as the list of machines can be read now: give ${forms}, or ask again in a minute.${hint}`,
  );
}
