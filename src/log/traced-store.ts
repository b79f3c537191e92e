import type { CheckStore } from '../check/ports/check-store.ts';

/** What is known of the check that an invocation works on; its log has it in every line. */
export type CheckTrace = { checkId?: string; traceparent?: string };

/** The store of one invocation, from which `about` learns the trace of the check that is read. */
export function tracedStore(store: CheckStore, about: CheckTrace): CheckStore {
  return {
    ...store,
    find: async (id) => {
      const found = await store.find(id);
      if (found?.check.origin.traceparent !== undefined) about.traceparent = found.check.origin.traceparent;
      return found;
    },
  };
}
