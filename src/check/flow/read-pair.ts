import type { Protocol } from '../../arm/connectivity-parameters.ts';
import type { Actor } from '../../contract/actor.ts';
import { type FieldError, Problem } from '../../contract/problem.ts';
import { writtenSide } from '../../contract/request/side.ts';
import {
  type AskedTarget,
  readAskedDestination,
  readAskedSource,
  type ReadTarget,
} from '../../contract/search/asked-target.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { flowContradictions } from '../search/contradictions.ts';
import { type ResolvedTarget, resolveTargets, wantedDestination, wantedSource } from '../search/resolve-targets.ts';
import type { Asked } from './question.ts';

/** A flow as a person names it: each side as searches take it. */
export interface NamedFlow {
  readonly source: string;
  readonly destination: string;
  readonly port?: number | undefined;
  readonly protocol?: Protocol | undefined;
}

/** The flow that is meant. Throws `InvalidRequest`, which names every fault. */
export async function readPair(deps: NamesDeps, actor: Actor, flow: NamedFlow): Promise<Asked> {
  const [source, destination] = [readAskedSource(flow.source.trim()), readAskedDestination(flow.destination.trim())];
  const { sources, destinations } = await resolveTargets(deps, actor, {
    source: targetsOf(source),
    destination: targetsOf(destination),
    hostsLast: true,
  });
  const faults: FieldError[] = [
    ...faultsOf('source', source),
    ...sources.faults,
    ...faultsOf('destination', destination),
    ...destinations.faults,
  ];
  const [from] = sources.values;
  const [to] = destinations.values;
  if (from && to) faults.push(...contradictions(flow, from, to));
  if (faults.length > 0 || !from || !to)
    throw new Problem('InvalidRequest', 'The query is not usable; details names each fault.', { details: faults });
  const { resourceId = '' } = writtenSide(from);
  return {
    source: { resourceId },
    destination: writtenSide({ ...to, port: flow.port ?? to.port }),
    ...(flow.protocol && { protocol: flow.protocol }),
  };
}

const targetsOf = (read: ReadTarget): readonly AskedTarget[] => (read.ok ? [read.target] : []);

const faultsOf = (target: string, read: ReadTarget): FieldError[] =>
  read.ok ? [] : [{ code: 'InvalidValue', message: read.message, target }];

/** What no check of the flow can be. */
const contradictions = ({ port, protocol }: NamedFlow, from: ResolvedTarget, to: ResolvedTarget): FieldError[] =>
  flowContradictions({
    sources: [wantedSource(from)],
    destinations: [wantedDestination(to)],
    ...(port !== undefined && { ports: [port] }),
    ...(protocol && { protocols: [protocol] }),
  });
