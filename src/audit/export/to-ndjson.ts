import { canonicalJson } from '../../contract/canonical-json.ts';
import type { AuditEvent } from '../event.ts';

/** Events as lines of canonical JSON: the bytes whose hashes the checkpoints list. */
export const toNdjson = (events: readonly AuditEvent[]): string =>
  events.map((event) => `${canonicalJson(event)}\n`).join('');
