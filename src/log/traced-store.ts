import type { CheckStore } from '../check/ports/check-store.ts';

/** What is known of the check that an invocation works on; its log has it in every line. */
export type CheckTrace = { checkId?: string; traceparent?: string };

/** The store of one invocation, from which `about` learns the trace of its check, when that one is read. */
export function tracedStore(store: CheckStore, about: CheckTrace): CheckStore {
  return {
    ...store,
    find: async (id, also) => {
      const found = await store.find(id, also);
      const traceparent = id === about.checkId ? found?.check.origin.traceparent : undefined;
      if (traceparent !== undefined) about.traceparent = traceparent;
      return found;
    },
  };
}
