import { formatResourceId, segmentsOf } from '../../arm/resource-id.ts';
import type { Side } from '../../contract/request/side.ts';
import { anyOf, anything, type Condition } from './condition.ts';
import { parseTargetPattern } from '../pattern/target-pattern.ts';

/** Where the probe starts: a resource. The port of an endpoint is a destination's, and counts for nothing here. */
export function sourceCondition(
  entries: readonly string[] | undefined,
  endpoints: ReadonlyMap<string, Side>,
): Condition {
  return entries ? anyOf(entries.map((entry) => condition(entry, endpoints))) : anything;
}

function condition(entry: string, endpoints: ReadonlyMap<string, Side>): Condition {
  const pattern = parseTargetPattern(entry);
  if (pattern.kind === 'anything') return anything;
  if (pattern.kind === 'resource') return ({ source }) => pattern.matches(source);
  const resource = pattern.kind === 'endpoint' ? endpoints.get(pattern.name)?.resource : undefined;
  if (!resource) throw new Error(`${entry} is no source: parsePolicy should have named it`);
  const id = segmentsOf(formatResourceId(resource)).join('/');
  return ({ source }) => source.join('/') === id;
}
