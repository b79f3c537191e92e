import { useMemo } from 'preact/hooks';
import type { Me } from '../../../../client/answers.ts';
import { hasRole, useProxy } from '../../../proxy.ts';
import { useAnswer } from '../../../use/use-answer.ts';
import { useSettled } from '../../../use/use-settled.ts';
import { isSearch, type Known, lineOfCheck } from './suggestions.ts';

const PAUSE_MILLISECONDS = 250;
const MOST_SOURCES = 20;
const MOST_ASKED = 5;

export interface KnownNow {
  readonly known: Known;
  /** Why machines cannot be suggested. */
  readonly error?: unknown;
}

/** What can be named where this word is being written; none is being written: `undefined`. */
export function useKnown(me: Me, word: string | undefined): KnownNow {
  const { client } = useProxy();
  const mayAsk = hasRole(me, 'Check.Request');
  const search = useSettled(word !== undefined && isSearch(word) ? word : undefined, PAUSE_MILLISECONDS);
  const sources = useAnswer(
    async (signal) => {
      if (!mayAsk || search === undefined) return [];
      return firstPage(client.sources({ ...(search !== '' && { search }), top: MOST_SOURCES, signal }));
    },
    [search, mayAsk],
  );
  const checks = useAnswer(
    async (signal) => {
      if (!mayAsk) return [];
      // Whoever reads the checks of all would be audited for that, and be offered what others asked.
      const own = { requester: me.requester.objectId };
      return firstPage(client.list({ ...own, top: MOST_ASKED, signal }));
    },
    [mayAsk, me],
  );
  const known = useMemo((): Known => {
    const { endpoints, sets } = me;
    const asked = (checks.answer ?? []).map((check) => lineOfCheck(check, endpoints));
    return { endpoints, sets, sources: sources.answer ?? [], asked: [...new Set(asked)] };
  }, [me, sources.answer, checks.answer]);
  return { known, ...(sources.error !== undefined && { error: sources.error }) };
}

async function firstPage<T>(list: {
  readonly pages: () => AsyncIterable<{ readonly value: readonly T[] }>;
}): Promise<readonly T[]> {
  for await (const { value } of list.pages()) return value;
  return [];
}
