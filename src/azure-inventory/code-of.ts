import { armError } from '../network-watcher/arm-error.ts';
import type { Exchange } from '../network-watcher/exchange.ts';

/** Azure's code for what went wrong; where it gives none, what there is to say. */
export function codeOf(exchange: Exchange): string {
  if (exchange.kind === 'no-response') return exchange.mishap === 'no token' ? 'NoToken' : 'NoAnswer';
  if (exchange.kind !== 'answer') return 'TooLarge';
  const code = armError(exchange.body)?.entries.find((entry) => /^[\w.-]{1,80}$/.test(entry.code))?.code;
  return code ?? (exchange.status === 200 ? 'Unreadable' : `Http${exchange.status}`);
}
