import { type CheckRequest, readCheckRequest } from '../../contract/request/check-request.ts';
import { readProduct } from '../../contract/request/set/set-request.ts';
import type { Policy } from '../policy.ts';
import { type Flow, flowOf } from '../rule/flow.ts';
import type { PolicySet } from './policy-set.ts';
import { someMachines } from './some-machines.ts';

type Side = 'source' | 'destination';

/** One of the checks that a set of the policy asks for, as far as the policy alone tells. */
export interface SetMember {
  /** Its places among the sources and the destinations. */
  readonly places: Readonly<Record<Side, number>>;
  readonly flow: Flow;
  /** Sides that are machines by name: what these stand for is not known here. */
  readonly open: readonly Side[];
}

/** The checks of a set of the policy, source by source. */
export function membersOf({ endpoints }: Pick<Policy, 'endpoints'>, set: PolicySet): readonly SetMember[] {
  const read = readProduct(set, undefined, (body) =>
    readCheckRequest(body, (name) => endpoints.get(name), someMachines(body)),
  );
  const across = set.destinations.length;
  return read.ok
    ? read.requests.map((request, index) => ({
        places: { source: Math.floor(index / across), destination: index % across },
        flow: flowOf({ ...request.sides, protocol: request.request.protocol }),
        open: openSides(request),
      }))
    : [];
}

const openSides = ({ named }: CheckRequest): readonly Side[] =>
  (['source', 'destination'] as const).filter((side) => {
    const given = named?.[side];
    return given !== undefined && 'name' in given;
  });
