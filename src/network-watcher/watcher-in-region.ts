import { z } from 'zod';
import type { ArmCallInfo, CallFailure, CallIds, Found } from '../check/ports/network-watcher.ts';
import { formatResourceId, parseResourceId, resourceType } from '../arm/resource-id.ts';
import type { Arm } from './arm.ts';
import { armCallInfo } from './arm-call-info.ts';
import { resolveArmUrl } from './arm-url.ts';
import type { ArmMishap } from '../check/state/retry-rules.ts';
import { outcome } from './outcome.ts';
import { jsonOf } from '../contract/json-of.ts';
import { region } from './region.ts';

/** A subscription has at most one watcher a region, so a real list is one page. */
const MAX_PAGES = 10;

const page = z.looseObject({
  value: z.array(
    z
      .looseObject({ id: z.unknown().optional(), location: z.unknown().optional() })
      .catch({ id: undefined, location: undefined }),
  ),
  nextLink: z.string().nullish(),
});

interface Page {
  readonly kind: 'page';
  readonly watchers: readonly string[];
  readonly nextLink: string | undefined;
  readonly arm: ArmCallInfo;
}

interface Deps {
  readonly arm: Arm;
  readonly now: () => Date;
  /** For all pages together. */
  readonly timeoutMs: number;
}

interface Wanted {
  readonly subscriptionId: string;
  readonly region: string;
}

/** The resource id of a subscription's network watcher in a region; the first by name, should there be several. */
export async function watcherInRegion(deps: Deps, wanted: Wanted, ids: CallIds): Promise<Found> {
  const deadline = deps.now().getTime() + deps.timeoutMs;
  const found: string[] = [];
  let arm: ArmCallInfo = {};
  const path = `/subscriptions/${wanted.subscriptionId}/providers/Microsoft.Network/networkWatchers`;
  let url: string | undefined = `${deps.arm.origin}${path}?api-version=2023-09-01`;
  for (let pages = 0; url !== undefined && pages < MAX_PAGES; pages += 1) {
    const left = Math.max(1, deadline - deps.now().getTime());
    const read: Page | CallFailure = await readPage({ ...deps, timeoutMs: left }, url, wanted, ids);
    if (read.kind !== 'page') return read;
    found.push(...read.watchers);
    url = read.nextLink;
    arm = read.arm;
  }
  const [networkWatcher] = found.sort();
  return networkWatcher === undefined ? noWatcher(wanted, arm) : { kind: 'found', networkWatcher };
}

async function readPage(deps: Deps, url: string, wanted: Wanted, ids: CallIds): Promise<Page | CallFailure> {
  const exchange = await deps.arm.send({ method: 'GET', url, ids, timeoutMs: deps.timeoutMs });
  const failedBy = (what: number | ArmMishap, detail?: string) =>
    outcome('watchers', what, exchange, deps.now(), detail);
  if (exchange.kind === 'no-response') return failedBy(exchange.mishap, exchange.detail);
  if (exchange.kind === 'oversized') return failedBy('too large');
  if (exchange.kind === 'too deep') return failedBy('too deep');
  if (exchange.status !== 200) return failedBy(exchange.status);
  const { data } = page.safeParse(jsonOf(exchange.body));
  if (data === undefined) return failedBy('unreadable');
  const inRegion = data.value.filter(({ location }) => region(location) === wanted.region);
  const watchers = inRegion.flatMap(({ id }) => watcherId(id, wanted.subscriptionId) ?? []);
  const nextLink = data.nextLink ? (resolveArmUrl(data.nextLink, deps.arm.origin) ?? data.nextLink) : undefined;
  return { kind: 'page', watchers, nextLink, arm: armCallInfo(exchange) };
}

function watcherId(id: unknown, subscriptionId: string): string | undefined {
  const parsed = typeof id === 'string' ? parseResourceId(id) : undefined;
  if (parsed?.subscriptionId !== subscriptionId.toLowerCase()) return undefined;
  return resourceType(parsed) === 'microsoft.network/networkwatchers' ? formatResourceId(parsed) : undefined;
}

function noWatcher({ subscriptionId, region: name }: Wanted, arm: ArmCallInfo): CallFailure {
  const message = `No network watcher was found in region ${name} of subscription ${subscriptionId}.`;
  const action =
    "Enable Network Watcher in that region; where it is enabled, the proxy's identity lacks " +
    'Microsoft.Network/networkWatchers/read on it.';
  const advice = { action, owner: 'network team' } as const;
  return { kind: 'failed', arm, failure: { code: 'AzureFailed', message, advice } };
}
