import type { Protocol } from '../../arm/connectivity-parameters.ts';

/** A destination that is looked for; a name of the policy can stand for one port of it. */
export interface WantedDestination {
  /** Resource id or address, in its one spelling. */
  readonly destination: string;
  readonly port?: number | undefined;
  /** What the next page asks for. */
  readonly askedAs?: string | undefined;
}

/** Which flows are looked for, of checks and of events. Every member that is given must hold, with one of its values. */
export interface FlowFilter {
  /** Resource ids, in any case. */
  readonly sources?: readonly string[] | undefined;
  readonly destinations?: readonly WantedDestination[] | undefined;
  /** The port that is tested; of a URI its own. */
  readonly ports?: readonly number[] | undefined;
  /** As asked for; of a URI its scheme. */
  readonly protocols?: readonly Protocol[] | undefined;
  /** Ids of the rules that decided. */
  readonly rules?: readonly string[] | undefined;
}

/** Azure's tables take 15 comparisons in a filter, of which keys need up to four. */
export const MOST_VALUES = 10;
