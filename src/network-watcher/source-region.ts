import { z } from 'zod';
import type { CallFailure, CallIds } from '../check/ports/network-watcher.ts';
import { formatResourceId, resourceType, type ResourceId } from '../arm/resource-id.ts';
import type { Arm } from './arm.ts';
import type { ArmMishap } from '../check/state/retry-rules.ts';
import { outcome } from './outcome.ts';
import { jsonOf } from '../contract/json-of.ts';
import { region } from './region.ts';

const apiVersions: ReadonlyMap<string, string> = new Map([
  ['microsoft.compute/virtualmachines', '2023-09-01'],
  ['microsoft.compute/virtualmachinescalesets/virtualmachines', '2023-09-01'],
  ['microsoft.network/bastionhosts', '2023-09-01'],
  ['microsoft.network/applicationgateways', '2023-09-01'],
]);

const resource = z.looseObject({ location: z.unknown().optional() });

/** The region that a source is in, or why it could not be found out. */
export type FoundRegion = { readonly kind: 'found'; readonly region: string } | CallFailure;

/** The region that a source is in, in one spelling. */
export async function sourceRegion(
  deps: { readonly arm: Arm; readonly now: () => Date; readonly timeoutMs: number },
  source: ResourceId,
  ids: CallIds,
): Promise<FoundRegion> {
  const version = apiVersions.get(resourceType(source));
  if (version === undefined) return noSource();
  const url = `${deps.arm.origin}${encodeURI(formatResourceId(source))}?api-version=${version}`;
  const exchange = await deps.arm.send({ method: 'GET', url, ids, timeoutMs: deps.timeoutMs });
  const failedBy = (what: number | ArmMishap, detail?: string) => outcome('source', what, exchange, deps.now(), detail);
  if (exchange.kind === 'no-response') return failedBy(exchange.mishap, exchange.detail);
  if (exchange.kind === 'oversized') return failedBy('too large');
  if (exchange.kind === 'too deep') return failedBy('too deep');
  if (exchange.status !== 200) return failedBy(exchange.status);
  const found = region(resource.safeParse(jsonOf(exchange.body)).data?.location);
  return found === undefined ? failedBy('unreadable') : { kind: 'found', region: found };
}

/** The answer where a text is no resource id that a check can start from. */
export function noSource(): CallFailure {
  const message =
    'The source is not the resource id of a virtual machine, a scale-set instance, a Bastion host or an application ' +
    'gateway.';
  const advice = { action: 'Correct `source.resourceId`.', owner: 'requester' } as const;
  return { kind: 'failed', arm: {}, failure: { code: 'InvalidRequest', message, advice } };
}
