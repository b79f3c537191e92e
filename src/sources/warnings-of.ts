import { parseResourceId } from '../arm/resource-id.ts';
import type { SourceState, Warning } from '../contract/answer/source.ts';
import { nameOf } from './name-of.ts';

/** What stands against a check from there, as far as it is known. A watcher that the requester names is theirs to judge. */
export function warningsOf(
  { state, agent, watcher }: SourceState,
  { sourceId, networkWatcher }: { readonly sourceId: string; readonly networkWatcher?: string | undefined },
): Warning[] {
  const id = parseResourceId(sourceId);
  const name = id ? nameOf(id) : 'The source';
  return [
    ...(state === 'stopped'
      ? [warning('SourceStopped', `${name} is switched off: no probe can start there until its owner starts it.`)]
      : []),
    ...(agent === 'absent'
      ? [
          warning(
            'AgentAbsent',
            `${name} has no Network Watcher agent, which usually means that no probe is sent: ask its owner to install the extension.`,
          ),
        ]
      : []),
    ...(watcher === 'absent' && networkWatcher === undefined
      ? [
          warning(
            'WatcherAbsent',
            `Azure has no network watcher in the region of ${name}, so the check will fail: ask the network team to enable Network Watcher there.`,
          ),
        ]
      : []),
  ];
}

const warning = (code: Warning['code'], message: string): Warning => ({ code, message });
