import type { NamedTarget } from '../../contract/request/named-target.ts';
import { anyOf, anything, type Condition } from './condition.ts';
import { segmentsOf } from '../pattern/resource-pattern.ts';
import { parseTargetPattern } from '../pattern/target-pattern.ts';

/** Where the probe starts: a resource. The port of an endpoint is a destination's, and counts for nothing here. */
export function sourceCondition(
  entries: readonly string[] | undefined,
  endpoints: ReadonlyMap<string, NamedTarget>,
): Condition {
  return entries ? anyOf(entries.map((entry) => condition(entry, endpoints))) : anything;
}

function condition(entry: string, endpoints: ReadonlyMap<string, NamedTarget>): Condition {
  const pattern = parseTargetPattern(entry);
  if (pattern.kind === 'anything') return anything;
  if (pattern.kind === 'resource') return ({ source }) => pattern.matches(source);
  const resourceId = pattern.kind === 'endpoint' ? endpoints.get(pattern.name)?.resourceId : undefined;
  if (resourceId === undefined) throw new Error(`${entry} is no source: parsePolicy should have named it`);
  const id = segmentsOf(resourceId).join('/');
  return ({ source }) => source.join('/') === id;
}
