import type { RenderedCheck } from '../../../../rendering/render-check.ts';
import type { RenderedHop } from '../../../../rendering/render-hops.ts';

/** What is said at a place of the path: that it ends there, that something is wrong there, or a note. */
export type Mark = 'stopped' | 'trouble' | 'note';

export function markOf(
  hop: RenderedHop,
  { state, reasons }: Pick<RenderedCheck, 'state' | 'reasons'>,
): Mark | undefined {
  const owners = hop.reasons.flatMap((at) => reasons[at]?.owner ?? []);
  if (owners.length === 0) return undefined;
  if (owners.every((owner) => owner === 'nobody')) return 'note';
  return state === 'unreachable' ? 'stopped' : 'trouble';
}
