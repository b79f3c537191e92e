import { createHmac } from 'node:crypto';
import { canonicalJson } from '../../contract/canonical-json.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';

/** What must be equal for two requests to be one. */
type Fingerprinted = Pick<CheckRequest, 'request' | 'networkWatcher' | 'reason' | 'callback'> & {
  readonly rerunOf?: string | undefined;
};

/**
 * Tells equal requests from others. Keyed with the app's secret, and with a text that is kept nowhere, so that it gives
 * no probe header and no callback away, not to those who read storage either.
 */
export function fingerprintOf(asked: Fingerprinted, secret: string, key: string): string {
  const { request, networkWatcher, reason, callback, rerunOf } = asked;
  const hmac = createHmac('sha256', JSON.stringify([secret, key]));
  return hmac.update(canonicalJson({ request, networkWatcher, reason, callback, rerunOf })).digest('hex');
}
