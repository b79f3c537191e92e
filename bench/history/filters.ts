import type { RecordedCheck } from './recorded-check.ts';
import { objectIdOf } from '../../test/support/object-id-of.ts';
import { destinationOf, sourceOf, userOf } from './recorded-check.ts';

/** A page as it is asked for. */
export interface Page {
  readonly name: string;
  /** Path and query. */
  readonly path: string;
  /** Without `Audit.Read`: the caller sees their own. */
  readonly own?: boolean;
}

/** Whoever asks for their own checks, and whose checks are asked for. */
export const asker = userOf(7);

/** One page for each filter, and combinations of two, some of which match nothing. */
export function pagesOf(sample: RecordedCheck['check'], tenantId: string): Page[] {
  const [year, month] = [sample.createdAt.slice(0, 4), sample.createdAt.slice(5, 7)];
  const to = new Date(Date.UTC(Number(year), Number(month), 1)).toISOString().slice(0, 10);
  const [from, requester] = [`${year}-${month}-01`, `${tenantId}/${objectIdOf(asker)}`];
  const period = { from, to };
  const [source, destination] = [sourceOf(4), destinationOf(5)];
  const checks = (name: string, query: Record<string, string>): Page => pageOf('checks', name, query);
  const audit = (name: string, query: Record<string, string>): Page => pageOf('audit', name, query);
  return [
    { ...checks('own', {}), own: true },
    checks('none', {}),
    checks('requester', { requester }),
    checks('source', { source }),
    checks('destination', { destination }),
    checks('status', { status: 'Failed' }),
    checks('reachability', { reachability: 'Unreachable' }),
    checks('outcome', { outcome: 'notReachable' }),
    checks('code', { code: 'AzureFailed' }),
    checks('port', { port: '443' }),
    checks('rule', { rule: sample.decision.rule ?? '' }),
    checks('a month', period),
    checks('requester and status', { requester, status: 'Failed' }),
    checks('requester and source', { requester, source }),
    checks('source and destination', { source, destination }),
    checks('destination and reachability', { destination, reachability: 'Unreachable' }),
    checks('source and a month', { source, ...period }),
    checks('source and status, no match', { source, status: 'Running' }),
    checks('port and protocol, no match', { port: '443', protocol: 'Http' }),
    audit('none', {}),
    audit('check', { checkId: sample.id }),
    audit('requester', { requester }),
    audit('action', { action: 'failed' }),
    audit('request', { requestId: sample.origin.requestId }),
    audit('source', { source }),
    audit('destination and port', { destination, port: '443' }),
    audit('port, no match', { port: '444' }),
    audit('a month', period),
    audit('requester and action', { requester, action: 'failed' }),
    audit('requester and a month', { requester, ...period }),
    audit('action and a month', { action: 'failed', ...period }),
    audit('requester and action, no match', { requester, action: 'refused' }),
  ];
}

const pageOf = (what: 'checks' | 'audit', name: string, query: Record<string, string>): Page => ({
  name: `${what}: ${name}`,
  path: `/api/${what}?${new URLSearchParams({ ...query, top: '50' }).toString()}`,
});
