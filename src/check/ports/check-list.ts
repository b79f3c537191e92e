import type { CheckView, Status } from '../../contract/check.ts';
import type { Reachability } from '../../contract/verdict.ts';

/** Every member that is given must hold. */
export interface CheckFilter {
  /** `<tenantId>/<objectId>` */
  readonly requester?: string | undefined;
  /** Resource id, in any case. */
  readonly source?: string | undefined;
  /** Resource id or address, in its one spelling. */
  readonly destination?: string | undefined;
  readonly status?: Status | undefined;
  readonly reachability?: Reachability | undefined;
  /** Only checks that ran under one of these rules. */
  readonly rules?: readonly string[] | undefined;
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

/** All checks, as they are looked for. */
export interface CheckList {
  /** At most `top` checks after a position. Throws the Problem `StorageUnavailable`. */
  readonly page: (filter: CheckFilter, top: number, after?: string) => Promise<CheckPage>;
}
