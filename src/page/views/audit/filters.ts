import type { AuditOptions } from '../../../client/client.ts';

/** What a search of the audit can ask for, as it is written. */
export const filterNames = [
  'requester',
  'source',
  'destination',
  'action',
  'code',
  'rule',
  'checkId',
  'requestId',
  'from',
  'to',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Readonly<Record<FilterName, string>>;

/** What the address bar asks for. */
export const filtersIn = (query: URLSearchParams): Filters => ({
  requester: query.get('requester') ?? '',
  source: query.get('source') ?? '',
  destination: query.get('destination') ?? '',
  action: query.get('action') ?? '',
  code: query.get('code') ?? '',
  rule: query.get('rule') ?? '',
  checkId: query.get('checkId') ?? '',
  requestId: query.get('requestId') ?? '',
  from: query.get('from') ?? '',
  to: query.get('to') ?? '',
});

/** What is asked of the proxy; it says what is wrong, also of an action that it does not know. */
export function searchOf(filters: Filters): Omit<AuditOptions, 'signal' | 'top'> {
  const given = Object.entries(filters).map(([name, text]) => [name, text.trim()] as const);
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}
