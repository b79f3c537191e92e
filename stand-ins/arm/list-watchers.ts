import { type ArmAnswer, networkAnswer } from './arm-answer.ts';
import { findMissing } from './find-missing.ts';
import type { ArmRequest, Simulator } from './simulator.ts';
import { watcherBody } from './resource-body.ts';

// Smaller than the real one, so that a client has to follow `nextLink` to see them all.
const PAGE = 2;

/** `GET /subscriptions/{id}/providers/Microsoft.Network/networkWatchers` */
export function listWatchers({ world, url }: Simulator, request: ArmRequest, subscription: string): ArmAnswer {
  const path = `/subscriptions/${subscription}`;
  const missing = findMissing(world, path);
  if (missing) return missing;
  const all = world.watchers.filter(({ id }) => id.toLowerCase().startsWith(`${path.toLowerCase()}/`));
  const start = Number(request.url.searchParams.get('$skiptoken') ?? 0);
  const next = `${url}${request.url.pathname}?api-version=${request.apiVersion}&$skiptoken=${start + PAGE}`;
  return networkAnswer(200, {
    value: all.slice(start, start + PAGE).map(watcherBody),
    ...(start + PAGE < all.length && { nextLink: next }),
  });
}
