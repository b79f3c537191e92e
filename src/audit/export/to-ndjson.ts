import { canonicalJson } from '../../contract/canonical-json.ts';
import { escapeHidden } from '../../contract/text/escape-hidden.ts';
import type { AuditEvent } from '../event.ts';

/**
 * Events as lines of canonical JSON, in which characters that a terminal obeys or a reader takes for a line's end are
 * written as escapes: it is the same JSON, and `hashedTextOf` gives back the text whose hash the checkpoints list.
 */
export const toNdjson = (events: readonly AuditEvent[]): string =>
  events.map((event) => `${escapeHidden(canonicalJson(event))}\n`).join('');
