import type { TableClient } from '@azure/data-tables';
import { orUnavailable, statusOf } from './unavailable.ts';

/**
 * Rows as storage answers them, a page in memory at a time. A table that does not exist yet has none. Throws the Problem
 * of that code. With `select` of each row only these columns are asked for.
 */
export async function* streamRows(
  code: Parameters<typeof orUnavailable>[0],
  table: TableClient,
  filter: string,
  select?: string[],
): AsyncGenerator<Record<string, unknown>> {
  const queryOptions = { filter, ...(select && { select }) };
  const pages = table.listEntities({ queryOptions }).byPage()[Symbol.asyncIterator]();
  for (;;) {
    const next = await orUnavailable(code, () => nextPage(pages));
    if (!next) return;
    yield* next;
  }
}

async function nextPage(
  pages: AsyncIterator<Record<string, unknown>[]>,
): Promise<Record<string, unknown>[] | undefined> {
  try {
    const page = await pages.next();
    return page.done ? undefined : page.value;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
