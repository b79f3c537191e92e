import type { HttpResponseInit } from '@azure/functions';
import type { Result } from '../../check/result.ts';
import type { Check } from '../../check/state/check.ts';
import { parseResourceId } from '../../arm/resource-id.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { Problem } from '../../contract/problem.ts';
import { retryAfter } from '../checks/check-answer.ts';
import { apiVersionOf } from './api-version.ts';
import { armErrorSchema, FAILED_DEPENDENCY } from './arm-problem.ts';

/** ARM's own regions have names; where a check runs is not known when its operation is given an address. */
const LOCATION = 'global';

const LONGEST_SECONDS = 2;

export interface OperationAnswer extends HttpResponseInit {
  readonly headers: Readonly<Record<string, string>>;
}

interface Place {
  readonly publicUrl: string;
  readonly now: Date;
  /** Of the request: what api-version it gives, the next one is to give too. */
  readonly url: string;
}

/**
 * 202 as ARM answers it: the body is `null`, and only Location says where to ask. With Operation-Location or
 * Azure-AsyncOperation beside it, clients would ask there, and expect another body.
 */
export const running = (check: Check, { publicUrl, now, url }: Place): OperationAnswer => ({
  status: 202,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    location: operationUrl(publicUrl, check, apiVersionOf(url)),
    'retry-after': String(Math.min(LONGEST_SECONDS, Number(retryAfter(check, now)['retry-after'] ?? 1))),
  },
  body: 'null',
});

function operationUrl(publicUrl: string, { id, request }: Check, apiVersion: string | undefined): string {
  const subscription = parseResourceId(request.source.resourceId)?.subscriptionId ?? '';
  const query = apiVersion === undefined ? '' : `?${new URLSearchParams({ 'api-version': apiVersion }).toString()}`;
  const path = `/subscriptions/${subscription}/providers/Microsoft.Network/locations/${LOCATION}/operationResults/${id}`;
  return `${publicUrl}${path}${query}`;
}

/** What a check has come to, as the end of ARM's operation: never with a Location, which some clients would ask again. */
export function ended(come: Exclude<Result, { kind: 'open' }>): OperationAnswer {
  switch (come.kind) {
    case 'canceled':
      throw new Problem('CheckCanceled', 'The check was canceled, so there is no result.');
    case 'failed':
      throw new Problem(come.code, come.message, { innererror: come.innererror });
    case 'azure':
      return asItCame(come);
  }
}

function asItCame({ status, body, code, message = '' }: Extract<Result, { kind: 'azure' }>): OperationAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (status === 200) return { status, headers, body };
  const own = armErrorSchema.safeParse(jsonOf(body)).data;
  // Some of what stands before Azure refuses in a form of its own.
  if (!own) throw new Problem(code ?? 'AzureRefused', message);
  return { status: isMisread(status, own.error.code) ? FAILED_DEPENDENCY : status, headers, body };
}

/** 4xx of Azure's to us that clients would take for one to them: they would sign in, register the provider or send again. */
const isMisread = (status: number, code: string): boolean =>
  [401, 405, 408, 429].includes(status) || /^\s*Missing\w*Registration/.test(code);
