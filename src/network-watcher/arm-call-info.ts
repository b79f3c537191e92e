import type { ArmCallInfo } from '../check/ports/network-watcher.ts';
import type { Exchange } from './exchange.ts';

/** Status and ids of an exchange, for the audit; an id that is no short printable word is left out. */
export function armCallInfo(exchange: Exchange): ArmCallInfo {
  if (exchange.kind === 'no-response') return {};
  const requestId = word(exchange.headers.get('x-ms-request-id'));
  const correlationId = word(exchange.headers.get('x-ms-correlation-request-id'));
  return {
    status: exchange.status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

function word(header: string | null): string | undefined {
  return header !== null && /^[\x21-\x7e]{1,128}$/.test(header) ? header : undefined;
}
