import type { NetworkWatcher } from '../../../src/check/ports/network-watcher.ts';
import { createArm, type ArmDeps } from '../../../src/network-watcher/arm.ts';
import { createWatcher } from '../../../src/network-watcher/create-watcher.ts';

/** The token that tests look for where it must not be. */
export const canaryToken = 'canary-token';

export const ids = { clientRequestId: 'request-1' };

/** The watcher as it is wired for real, on a scripted server. */
export function testWatcher(endpoint: URL, more: Partial<ArmDeps> & { now?: () => Date } = {}): NetworkWatcher {
  const { now = () => new Date(), ...deps } = more;
  const arm = createArm({ endpoint, getToken: () => Promise.resolve(canaryToken), fetch, timeoutMs: 5000, ...deps });
  return createWatcher({ arm, now });
}
