import type { FlowFilter } from '../contract/search/flow-filter.ts';
import type { AuditAction, AuditEvent } from './event.ts';

/** Every member that is given must hold, with one of its values; together they have at most `MOST_VALUES`. */
export interface AuditFilter extends FlowFilter {
  readonly checkId?: string | undefined;
  /** Of the HTTP request that an event goes back to. */
  readonly requestId?: string | undefined;
  /** `<tenantId>/<objectId>` */
  readonly requesters?: readonly string[] | undefined;
  readonly actions?: readonly AuditAction[] | undefined;
  readonly codes?: readonly string[] | undefined;
  /** Events of that time and later. */
  readonly from?: Date | undefined;
  /** Events before that time. */
  readonly to?: Date | undefined;
}

export interface AuditPage {
  /** Newest first; those of one check by their sequence. */
  readonly events: readonly AuditEvent[];
  /** Where the next page begins; absent where there is none. A page may be short, even empty, and have a next one. */
  readonly next?: string | undefined;
}

/** The events as they are looked for. */
export interface AuditHistory {
  /**
   * At most `top` events after a position. A position says where to go on and nothing else: new events come before it.
   * Throws the Problem `StorageUnavailable`, and `InternalError` where a row is not as it was written: none is left out
   * in silence.
   */
  readonly page: (filter: AuditFilter, top: number, after?: string) => Promise<AuditPage>;
}
