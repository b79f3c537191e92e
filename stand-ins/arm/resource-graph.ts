import { z } from 'zod';
import { type ArmAnswer, gatewayError } from './arm-answer.ts';
import { graphTables } from './graph-tables.ts';
import type { ArmRequest, Simulator } from './simulator.ts';

// Smaller than the real one, so that a client has to follow `$skipToken` to see them all.
const PAGE = 10;
/** What the real one grants a principal, in so many milliseconds. */
const QUOTA = { queries: 15, milliseconds: 5000 };

const bodySchema = z.looseObject({
  query: z.string(),
  subscriptions: z.array(z.string()).optional(),
  options: z
    .looseObject({
      $top: z.int().min(1).max(1000).optional(),
      $skipToken: z.string().optional(),
      resultFormat: z.enum(['table', 'objectArray']).optional(),
    })
    .optional(),
});
type Body = z.infer<typeof bodySchema>;

/** Azure Resource Graph as far as sources are asked for: tables, types, columns and their order; not what KQL can do besides. */
export interface ResourceGraph {
  answer(simulator: Simulator, request: ArmRequest): ArmAnswer;
}

/** Counts queries as the real one does, and refuses what is beyond its quota. */
export function createResourceGraph({ now }: { readonly now: () => number }): ResourceGraph {
  let asked: number[] = [];
  return {
    answer(simulator, request) {
      asked = asked.filter((at) => at > now() - QUOTA.milliseconds);
      const isThrottled = asked.length >= QUOTA.queries;
      if (!isThrottled) asked.push(now());
      const resets = Math.max(1, Math.ceil(((asked[0] ?? now()) + QUOTA.milliseconds - now()) / 1000));
      const headers = {
        'x-ms-user-quota-remaining': String(QUOTA.queries - asked.length),
        'x-ms-user-quota-resets-after': `00:00:0${resets}`,
        'x-ms-ratelimit-remaining-tenant-resource-requests': '1499',
      };
      const answer = isThrottled ? throttled() : answerQuery(simulator, request);
      return { ...answer, headers: { ...answer.headers, ...headers } };
    },
  };
}

export const noResourceGraph: ResourceGraph = {
  answer: () => graphError(403, 'AccessDenied', 'Please make sure the subscriptions are readable.'),
};

const throttled = (): ArmAnswer =>
  graphError(
    429,
    'RateLimiting',
    'Please provide below info when asking for support: timestamp = 2026-03-01T10:00:00Z.',
  );

function graphError(status: number, code: string, message: string, details: object = {}): ArmAnswer {
  const body = { error: { code, message, details: [{ code, message, ...details }] } };
  return { status, headers: {}, body: JSON.stringify(body) };
}

function answerQuery({ world }: Simulator, { body, contentType }: ArmRequest): ArmAnswer {
  // Seen: anything but JSON is the service's own breakdown.
  if (!/^application\/json\b/i.test(contentType)) return gatewayError(500, 'InternalServerError', 'An error occurred.');
  const read = bodySchema.safeParse(parseJson(body)).data;
  const query = read && parseQuery(read.query);
  if (!query) {
    const parser = {
      line: 1,
      characterPositionInLine: 0,
      token: 'x',
      expectedToken: 'the shape that the simulator knows',
    };
    return graphError(400, 'InvalidQuery', 'Query validation error', parser);
  }
  const tables = graphTables(world);
  const known = new Set(Object.values(tables).flatMap((rows) => rows.map(({ id }) => subscriptionOf(id))));
  const named = (read.subscriptions ?? [...known]).map((each) => each.toLowerCase());
  // Those that cannot be read are left out without a word, but where there is no other.
  if (!named.some((each) => known.has(each)))
    return graphError(403, 'AccessDenied', 'Please make sure the subscriptions are readable.');
  const rows = (tables[query.table] ?? [])
    .filter(({ id, type }) => named.includes(subscriptionOf(id)) && query.types.includes(type))
    .toSorted((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
  return page(
    rows.map((row) => projected(row, query.columns)),
    query,
    read,
  );
}

const subscriptionOf = (id: string): string => id.split('/')[2]?.toLowerCase() ?? '';

interface Query {
  readonly table: string;
  readonly types: readonly string[];
  readonly columns: readonly string[];
  /** Without `id` and an order there are no pages, and what is beyond the first is lost. */
  readonly hasPages: boolean;
}

/** Reads `table | where type in~ ('a', 'b') … | project id, x = … | order by id asc`. */
function parseQuery(text: string): Query | undefined {
  const [table = '', ...steps] = text.split(/\s*\|\s*/);
  const types = steps.flatMap((step) => /^where type (?:in~|=~) \(?(.*?)\)?$/.exec(step)?.[1] ?? [])[0];
  const project = steps.flatMap((step) => /^project (.*)$/s.exec(step)?.[1] ?? [])[0];
  if (!['resources', 'computeresources'].includes(table) || types === undefined || project === undefined)
    return undefined;
  const columns = [...project.matchAll(/(?:^|,)\s*(\w+)(?=\s*(?:=|,|$))/g)].map(([, name = '']) => name);
  return {
    table,
    types: [...types.matchAll(/'([^']+)'/g)].map(([, type = '']) => type.toLowerCase()),
    columns,
    hasPages: columns.includes('id') && steps.some((step) => /^order by id\b/.test(step)),
  };
}

const projected = (row: Record<string, unknown>, columns: readonly string[]) =>
  Object.fromEntries(columns.flatMap((name) => (name in row ? [[name, row[name]]] : [])));

function page(rows: readonly Record<string, unknown>[], { hasPages }: Query, { options = {} }: Body): ArmAnswer {
  const start = hasPages ? skipOf(options.$skipToken) : 0;
  const data = rows.slice(start, start + Math.min(PAGE, options.$top ?? PAGE));
  const next = start + data.length;
  const isMore = next < rows.length;
  const body = {
    ...{ totalRecords: rows.length, count: data.length, facets: [] },
    // A text, and "true" only where rows are lost: https://github.com/MicrosoftDocs/azure-docs/issues/50606
    resultTruncated: String(isMore && !hasPages),
    ...(isMore && hasPages && { $skipToken: Buffer.from(JSON.stringify({ skip: next })).toString('base64') }),
    data: options.resultFormat === 'objectArray' ? data : tableOf(data),
  };
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

function tableOf(rows: readonly Record<string, unknown>[]) {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => ({ name, type: typeof rows[0]?.[name] === 'string' ? 'string' : 'object' }));
  return { columns, rows: rows.map((row) => names.map((name) => row[name])) };
}

function skipOf(token: string | undefined): number {
  const read = parseJson(Buffer.from(token ?? '', 'base64').toString());
  return z.object({ skip: z.int() }).safeParse(read).data?.skip ?? 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
