import { createHmac } from 'node:crypto';
import { canonicalJson } from '../../contract/canonical-json.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';

/** Tells equal requests from others. Keyed with a text that is kept nowhere, so that it gives no probe header and no callback away. */
export function fingerprintOf({ request, networkWatcher, reason, callback }: CheckRequest, key: string): string {
  return createHmac('sha256', key).update(canonicalJson({ request, networkWatcher, reason, callback })).digest('hex');
}
