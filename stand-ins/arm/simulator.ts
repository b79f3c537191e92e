import type { LocationSigner } from './signed-location.ts';
import type { Operations } from './operations.ts';
import type { Pace } from './pace.ts';
import type { ResourceGraph } from './resource-graph.ts';
import type { Pair } from './scenarios/pair.ts';
import type { World } from './scenarios/world.ts';

/** What the routes share. */
export interface Simulator {
  /** `http://127.0.0.1:{port}`, without a slash at the end. */
  readonly url: string;
  readonly world: World;
  /** Milliseconds since 1970 */
  readonly now: () => number;
  readonly pace: Pace;
  readonly operations: Operations;
  readonly locations: LocationSigner;
  readonly graph: ResourceGraph;
  /** How often each declared pair has been refused in a row. */
  readonly refusals: Map<Pair, number>;
}

/** One authorized request, whose api-version is given. */
export interface ArmRequest {
  readonly url: URL;
  /** As it came, to the letter. */
  readonly pathAndQuery: string;
  readonly apiVersion: string;
  readonly body: string;
  readonly contentType: string;
}
