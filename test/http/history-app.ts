import { randomUUID } from 'node:crypto';
import type * as Functions from '@azure/functions';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { parsePolicy, type Policy } from '../../src/policy/policy.ts';
import type { Caller } from '../../src/contract/requester.ts';
import { httpDoor } from '../../src/http/http-door.ts';
import { listAudit } from '../../src/http/audit/list-audit.ts';
import { listChecks } from '../../src/http/checks/list-checks.ts';
import { verifyAudit } from '../../src/http/audit/verify-audit.ts';
import type { KeptListing } from '../../src/sources/kept-listing.ts';
import { tableCheckList } from '../../src/storage/checks/table-check-list.ts';
import { tableCheckStore } from '../../src/storage/checks/table-check-store.ts';
import { tableOwnCheckIds } from '../../src/storage/ids/table-own-check-ids.ts';
import { tableKnownRequesters } from '../../src/storage/search/table-known-requesters.ts';
import { azuriteAudit } from '../support/azurite-audit.ts';
import { noListing } from '../support/memory/memory-proxy.ts';
import { expectAsDocumented, operationOf } from './answers.ts';
import { sampleCaller } from '../support/samples.ts';

// Plain Node finds no names in this bundle.
const { HttpRequest, HttpResponse, InvocationContext } = createRequire(import.meta.url)(
  '@azure/functions',
) as typeof Functions;

export const publicUrl = 'https://proxy.example/base';

const parsed = parsePolicy(readFileSync(new URL('../../policy.sample.json', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error(parsed.faults.join());
const samplePolicy = parsed.policy;

/** What tests look at of an answer's body; which of it is there depends on the answer. */
interface Body {
  readonly value: readonly { readonly id: string; readonly requester: { readonly name: string } }[];
  readonly nextLink: string;
  readonly error: {
    readonly code: string;
    readonly details?: readonly { readonly message: string; readonly target?: string }[];
  };
}

interface Options {
  readonly now: () => Date;
  /** Private key in PEM. */
  readonly pem: string;
  readonly connectionString?: string;
  readonly policy?: Policy;
  readonly listing?: KeptListing;
}

/** The history's functions on real storage; tokens are `name:role+role`. */
export function historyApp({ now, pem, policy = samplePolicy, listing = noListing, ...options }: Options) {
  const audit = azuriteAudit({ now, signingKey: parseSigningKey(pem)!, ...options });
  const deps = {
    ...audit,
    audit: audit.log,
    auditHistory: audit.history,
    checkList: tableCheckList({ checks: audit.tables.checks, now }),
    knownRequesters: tableKnownRequesters(audit.tables.checks),
    ownCheckIds: tableOwnCheckIds(audit.tables.checks),
    newId: () => randomUUID(),
    deputy: 'system-assigned',
    policy,
    tellGarbled: (cause: string) => void audit.passedOver.push(cause),
    listing,
    within: <T>(_milliseconds: number, work: Promise<T>): Promise<T | undefined> => work,
    store: tableCheckStore(audit.tables.checks, randomUUID),
    publicUrl,
    door: httpDoor((authorization: string | undefined): Promise<Caller> => {
      const [name = '', roles = ''] = (authorization ?? '').replace('Bearer ', '').split(':');
      return Promise.resolve(sampleCaller(name, roles.split('+')));
    }),
  };
  const routes: Record<string, Functions.HttpHandler> = {
    '/api/audit': listAudit(deps),
    '/api/audit/verification': verifyAudit(deps),
    '/api/checks': listChecks(deps),
  };

  async function ask(target: string, token = 'carol:Audit.Read', headers: Record<string, string> = {}) {
    const url = new URL(target.replace(publicUrl, ''), 'https://host-header.example');
    const request = new HttpRequest({
      method: 'GET',
      url: url.href,
      query: Object.fromEntries(url.searchParams),
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    const init = await routes[url.pathname]!(request, new InvocationContext());
    const answer = new HttpResponse(init as ConstructorParameters<typeof HttpResponse>[0]);
    const text = await answer.text();
    expectAsDocumented(operationOf('GET', url.pathname).name, { status: answer.status, headers: answer.headers, text });
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: answer.status, headers: answer.headers, text, json: (isJson ? JSON.parse(text) : {}) as Body };
  }

  return { ...audit, ask, store: deps.store };
}
