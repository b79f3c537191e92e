import { z } from 'zod';
import type { Unreadable } from '../contract/answer/source.ts';
import type { CallIds } from '../arm/call-ids.ts';
import type { NamedSubscriptions } from '../policy/reach/subscriptions-of.ts';
import type { ReadListing } from '../sources/listing.ts';
import { listPlainly, type Plain } from './list-plainly.ts';
import { queries } from './queries.ts';
import { type ListDeps, readList } from './read-list.ts';
import { createResourceGraph, type GraphDeps, type ResourceGraph } from './resource-graph.ts';
import { type Row, rowsOf } from './row.ts';
import { sourcesOfRows } from './sources-of-rows.ts';

export interface ReadListingDeps extends GraphDeps {
  readonly named: NamedSubscriptions;
}

/** Azure takes 1,000; below 300 it advises. */
const SUBSCRIPTIONS_A_QUERY = 200;
/** Subscriptions that are listed plainly at the same time. */
const AT_A_TIME = 4;

const subscription = z.looseObject({ subscriptionId: z.guid() });

/** Lists sources by Azure Resource Graph; plainly, a subscription at a time, where that says nothing. */
export function createReadListing(deps: ReadListingDeps): ReadListing {
  const graph = createResourceGraph(deps);
  return async (ids) => {
    const at = deps.now().toISOString();
    const scope = await subscriptionsToRead(deps, ids);
    const parts: Part[] = [];
    for (let i = 0; i < scope.ids.length; i += SUBSCRIPTIONS_A_QUERY)
      parts.push(await readPart(deps, graph, scope.ids.slice(i, i + SUBSCRIPTIONS_A_QUERY), ids));
    const notBefore = [scope, ...parts].map((part) => part.notBefore).findLast((time) => time !== undefined);
    return {
      at,
      sources: [...sourcesOfRows(parts.flatMap(({ rows }) => rows))],
      unreadable: [...scope.unreadable, ...parts.flatMap(({ unreadable }) => unreadable)],
      ...(notBefore && { notBefore: notBefore.toISOString() }),
    };
  };
}

interface Part {
  readonly rows: readonly Row[];
  readonly unreadable: readonly Unreadable[];
  readonly notBefore?: Date | undefined;
}

async function subscriptionsToRead(deps: ReadListingDeps, ids: CallIds) {
  const { named } = deps;
  if (!named.open) return { ids: named.ids, unreadable: [], notBefore: undefined };
  const list = await readList(deps, '/subscriptions?api-version=2022-12-01', ids);
  if ('code' in list) {
    const { code, notBefore } = list;
    return { ids: named.ids, unreadable: [{ subscription: '**', code }], notBefore };
  }
  const found = list.items.flatMap((item) => subscription.safeParse(item).data?.subscriptionId.toLowerCase() ?? []);
  return { ids: [...new Set([...named.ids, ...found])].toSorted(), unreadable: [], notBefore: undefined };
}

async function readPart(
  deps: ReadListingDeps,
  graph: ResourceGraph,
  subscriptions: readonly string[],
  ids: CallIds,
): Promise<Part> {
  const rows: Row[] = [];
  for (const query of queries) {
    const answer = await graph(query, subscriptions, ids);
    if ('rows' in answer) {
      rows.push(...rowsOf(answer.rows));
      continue;
    }
    const { code, notBefore } = answer;
    if (notBefore === undefined) return plainly(deps, subscriptions, ids);
    return { rows: [], unreadable: subscriptions.map((each) => ({ subscription: each, code })), notBefore };
  }
  // Of subscriptions that the identity may not read, Azure Resource Graph says nothing; nor, for a time, of new ones.
  const told = new Set(rows.map(({ id }) => id.split('/')[2]?.toLowerCase()));
  const silent = await plainly(
    deps,
    subscriptions.filter((each) => !told.has(each)),
    ids,
  );
  return { ...silent, rows: [...rows, ...silent.rows] };
}

async function plainly(deps: ListDeps, subscriptions: readonly string[], ids: CallIds): Promise<Part> {
  const parts: (Plain & { readonly subscription: string })[] = [];
  for (let i = 0; i < subscriptions.length; i += AT_A_TIME) {
    const some = subscriptions.slice(i, i + AT_A_TIME);
    const listed = some.map(async (each) => ({ subscription: each, ...(await listPlainly(deps, each, ids)) }));
    parts.push(...(await Promise.all(listed)));
  }
  return {
    rows: parts.flatMap(({ rows }) => rows),
    unreadable: parts.flatMap(({ subscription: each, failure }) =>
      failure === undefined ? [] : [{ subscription: each, code: failure.code }],
    ),
    notBefore: parts.map(({ failure }) => failure?.notBefore).find((time) => time !== undefined),
  };
}
