import type { CheckView, Status } from '../../contract/check.ts';
import type { FlowFilter } from '../../contract/search/flow-filter.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import type { Reachability } from '../../contract/verdict.ts';

/** How a check ended; `notReachable` is all that did not end as `Reachable`, also that it could not be found out. */
export type Outcome = 'reachable' | 'notReachable';

/** Every member that is given must hold, with one of its values; together they have at most `MOST_VALUES`. */
export interface CheckFilter extends FlowFilter {
  /** `<tenantId>/<objectId>` */
  readonly requesters?: readonly string[] | undefined;
  readonly statuses?: readonly Status[] | undefined;
  readonly reachabilities?: readonly Reachability[] | undefined;
  readonly outcome?: Outcome | undefined;
  /** Of failed checks. */
  readonly codes?: readonly ProblemCode[] | undefined;
  /** Only checks that ran under one of these rules of the policy. */
  readonly ranUnder?: readonly string[] | undefined;
  /** Checks that were made at that time and later. */
  readonly from?: Date | undefined;
  /** Checks that were made before that time. */
  readonly to?: Date | undefined;
}

export interface CheckPage {
  /** Newest first, without ARM's answers. */
  readonly checks: readonly CheckView[];
  /** Where the next page begins; absent where there is none. A page may be short, even empty, and have a next one. */
  readonly next?: string | undefined;
}

/** Those of the checks that the reader may see. */
export type SeenAmong = (checks: readonly CheckView[]) => Promise<readonly CheckView[]>;

/** All checks, as they are looked for. Every method throws the Problem `StorageUnavailable`. */
export interface CheckList {
  /** At most `top` checks after a position. */
  readonly page: (filter: CheckFilter, top: number, after?: string) => Promise<CheckPage>;
  /** The same of what the reader may see. Neither the length of a page nor where the next one begins tells of anything else. */
  readonly seenPage: (filter: CheckFilter, seenAmong: SeenAmong, top: number, after?: string) => Promise<CheckPage>;
}
