import { expect } from 'vitest';
import { z } from 'zod';
import { problemAnswerSchema } from '../../../src/contract/answer/problem-answer.ts';
import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import type { Asking, Proxy } from '../../security/start-proxy.ts';

export const main = '/subscriptions/00000000-0000-4000-8000-00000000000a';
export const auditor: Asking = { user: 'carol', roles: ['Audit.Read'] };

export const listSchema = z.object({ value: z.array(z.object({ id: z.string() })), nextLink: z.string().optional() });

export const queryOf = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();

export async function idsIn(proxy: Proxy, path: string, asking: Asking = {}): Promise<string[]> {
  const answer = await proxy.ask(path, asking);
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return listSchema.parse(answer.json).value.map(({ id }) => id);
}

export async function faultsOf(proxy: Proxy, path: string, asking: Asking = {}) {
  const answer = await proxy.ask(path, asking);
  expect([path, answer.status]).toEqual([path, 400]);
  return problemAnswerSchema.parse(answer.json).error.details ?? [];
}

export const callsOf = (proxy: Proxy): number => proxy.azure.arm.requests.length;

/** Every call that looks for a source or a destination. */
export const searches = (side: 'source' | 'destination', name: string): readonly (readonly [string, Asking])[] => {
  const other = side === 'source' ? { destination: '10.1.2.4' } : { source: resources.web1.id };
  return [
    [`/api/checks?${queryOf({ [side]: name })}`, {}],
    [`/api/checks?${queryOf({ [side]: name, scope: 'visible' })}`, {}],
    [`/api/flows?${queryOf({ ...other, [side]: name })}`, {}],
  ];
};
export const auditedSearches = (side: 'source' | 'destination', name: string): readonly (readonly [string, Asking])[] =>
  ['/api/checks', '/api/audit'].map((path) => [`${path}?${queryOf({ [side]: name })}`, auditor]);
