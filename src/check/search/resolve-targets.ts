import { formatResourceId } from '../../arm/resource-id.ts';
import type { WantedDestination } from '../../contract/search/flow-filter.ts';
import { type AskedTarget, unknownDestination, unknownSource } from '../../contract/search/asked-target.ts';
import type { Side } from '../../contract/request/side.ts';
import type { Caller } from '../../contract/requester.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import type { Policy } from '../../policy/policy.ts';
import { mayReadAll } from '../sight/sight.ts';
import { found, type One, resolveAll, type Resolved, wrong } from './resolved.ts';

type FindEndpoint = (name: string) => Side | undefined;

/**
 * What a name of the policy stands for. Whoever reads everybody's checks may look for every endpoint; to others those are
 * unknown that no rule opens to them.
 */
export const endpointsFor =
  (policy: Policy, caller: Caller): FindEndpoint =>
  (name) =>
    mayReadAll(caller) ? policy.endpoints.get(name) : findNamedTarget(policy, caller, name);

export const resolveSources = (find: FindEndpoint, asked: readonly AskedTarget[] = []): Resolved<string> =>
  resolveAll('source', asked, (target): One<string> => {
    const side = sideOf(find, target);
    if (side?.resource) return found(formatResourceId(side.resource));
    return wrong(side ? 'This endpoint is an address; a source is a resource.' : unknownSource(target.text));
  });

/** A name stands for the port of its endpoint, too, where that has one. */
export const resolveDestinations = (
  find: FindEndpoint,
  asked: readonly AskedTarget[] = [],
): Resolved<WantedDestination> =>
  resolveAll('destination', asked, (target): One<WantedDestination> => {
    const { resource, address, port } = sideOf(find, target) ?? {};
    const destination = resource ? formatResourceId(resource) : address?.canonical;
    if (destination === undefined) return wrong(unknownDestination(target.text));
    return found({ destination, ...(port === undefined || port === 0 ? {} : { port }) });
  });

const sideOf = (find: FindEndpoint, { text, isName, side }: AskedTarget): Side | undefined =>
  (isName ? find(text) : undefined) ?? side;
