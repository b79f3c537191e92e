import { z } from 'zod';
import { type Protocol, protocolSchema } from '../../src/arm/connectivity-parameters.ts';
import { formatResourceId, parseResourceId } from '../../src/arm/resource-id.ts';
import { readSide, type Side } from '../../src/contract/request/side.ts';
import { type Caller, viaSchema } from '../../src/contract/requester.ts';
import type { Fault } from '../../src/policy/document/fault.ts';
import { faultText } from '../../src/policy/document/fault-text.ts';
import { readDocument } from '../../src/policy/document/read-document.ts';
import { schemaErrors } from '../../src/policy/document/schema-errors.ts';
import { unmatchedRequesters } from '../../src/policy/document/unmatched-requesters.ts';
import { word } from '../../src/policy/document/word.ts';
import type { Network } from '../../src/policy/pattern/network.ts';
import { parseTargetPattern } from '../../src/policy/pattern/target-pattern.ts';
import type { Policy } from '../../src/policy/policy.ts';

/** What is asked. What a `mayNot` leaves out is meant in every way that it can be filled. */
export interface OpenFlow {
  readonly source: string | undefined;
  readonly destination:
    { readonly kind: 'one'; readonly target: Side } | { readonly kind: 'range'; readonly network: Network };
  readonly port: number | undefined;
  readonly protocol: Protocol | undefined;
}

export interface Expectation {
  readonly name: string;
  readonly caller: Caller;
  readonly allowed: boolean;
  /** What is tested, the URL that is called when it has ended, or the set of the policy that is asked for. */
  readonly asked: OpenFlow | { readonly callback: string } | { readonly set: string };
}

const flowSchema = z.strictObject({
  source: z.string().optional(),
  destination: z.string(),
  port: z.int('write a port from 1 to 65535').min(1).max(65_535).optional(),
  protocol: word(protocolSchema.options).optional(),
});
const entrySchema = z.strictObject({
  comment: z.string().optional(),
  name: z.string(),
  requester: z
    .strictObject({
      groups: z.array(z.string()).optional(),
      roles: z.array(z.string()).optional(),
      id: z.string().optional(),
      via: word(viaSchema.options).optional(),
    })
    .default({}),
  may: flowSchema.optional(),
  mayNot: flowSchema.optional(),
  mayCall: z.string().optional(),
  mayNotCall: z.string().optional(),
  mayRun: z.string().optional(),
  mayNotRun: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;
type Asked = z.infer<typeof flowSchema>;

/** Reads expectations that are kept beside a policy. Throws one error that has every fault. */
export function parseExpectations(text: string, policy: Policy): readonly Expectation[] {
  const read = readDocument(text);
  if (!read.ok) throw new Error(read.fault);
  const parsed = z.array(entrySchema).safeParse(read.value, { reportInput: true });
  const expected = (parsed.data ?? []).map((entry, index) => expectationOf(entry, index, policy));
  const faults = [
    ...read.faults,
    ...(parsed.error?.issues.flatMap(schemaErrors) ?? []),
    ...expected.flatMap((each) => ('message' in each ? [each] : [])),
    ...strangers(parsed.data ?? [], policy),
  ];
  const toText = faultText(read.value, read.lineOf);
  if (faults.length > 0) throw new Error(faults.map((fault) => `- ${toText(fault)}`).join('\n'));
  return expected.flatMap((each) => ('message' in each ? [] : [each]));
}

/** A group's name or a mistyped role would be refused everything, and every `mayNot` would seem to hold. */
function strangers(entries: readonly Entry[], { customRoles }: Policy): readonly Fault[] {
  const rules = entries.map(({ requester: { groups, roles, id } }) => ({
    effect: 'deny',
    requesters: { groups, roles, ...(id !== undefined && { ids: [id] }) },
  }));
  return unmatchedRequesters({ customRoles, rules }).faults.map(({ path: [, index = 0, , ...rest], message }) => ({
    path: [index, 'requester', ...rest],
    message,
  }));
}

function expectationOf(entry: Entry, index: number, policy: Policy): Expectation | Fault {
  const { name, may, mayNot, mayCall, mayNotCall, mayRun, mayNotRun } = entry;
  if ([may, mayNot, mayCall, mayNotCall, mayRun, mayNotRun].filter((each) => each !== undefined).length !== 1)
    return { path: [index], message: 'give either may or mayNot, or mayCall or mayNotCall, or mayRun or mayNotRun' };
  const set = mayRun ?? mayNotRun;
  if (set !== undefined) {
    const path = [index, mayRun === undefined ? 'mayNotRun' : 'mayRun'];
    if (!policy.sets.has(set)) return { path, message: `the policy has no set "${set}"` };
    return { name, caller: callerOf(entry), allowed: mayRun !== undefined, asked: { set } };
  }
  const callback = mayCall ?? mayNotCall;
  if (callback !== undefined)
    return { name, caller: callerOf(entry), allowed: mayCall !== undefined, asked: { callback } };
  return flowExpectationOf(entry, index, policy);
}

function flowExpectationOf(entry: Entry, index: number, policy: Policy): Expectation | Fault {
  const { name, may, mayNot } = entry;
  const asked = may ?? mayNot;
  if (!asked) return { path: [index], message: 'give either may or mayNot' };
  const flow = flowOf(asked, policy, may !== undefined);
  if ('message' in flow) return { ...flow, path: [index, may ? 'may' : 'mayNot', ...flow.path] };
  return { name, caller: callerOf(entry), allowed: may !== undefined, asked: flow };
}

function flowOf({ source, destination, port, protocol }: Asked, policy: Policy, allowed: boolean): OpenFlow | Fault {
  const from = source === undefined ? undefined : sourceOf(source, policy);
  if (from === undefined && (allowed || source !== undefined))
    return { path: ['source'], message: 'write the resource id of one source, or endpoint:name' };
  const to = destinationOf(destination, policy);
  if (typeof to === 'string') return { path: ['destination'], message: to };
  if (allowed && to.kind === 'range' && !isSingle(to.network))
    return { path: ['destination'], message: 'write one address: a range is for mayNot' };
  return { source: from, destination: to, port, protocol };
}

const isSingle = ({ base, bits }: Network): boolean => bits === (base.kind() === 'ipv4' ? 32 : 128);

function sourceOf(text: string, { endpoints }: Policy): string | undefined {
  const id = text.startsWith('endpoint:')
    ? endpoints.get(text.slice('endpoint:'.length))?.resource
    : parseResourceId(text);
  return id && formatResourceId(id);
}

function destinationOf(text: string, { endpoints }: Policy): OpenFlow['destination'] | string {
  const pattern = parseTargetPattern(text);
  if (pattern.kind === 'network') return { kind: 'range', network: pattern.network };
  const named = pattern.kind === 'endpoint' ? endpoints.get(pattern.name) : undefined;
  const target = named ?? readSide(text.startsWith('/') ? { resourceId: text } : { address: text });
  if (target) return { kind: 'one', target };
  return `"${text}" is no address, range, host name, URI, whole resource id or endpoint:name of the policy`;
}

const noId = '00000000-0000-0000-0000-000000000000';

/** Nobody gets as far as the policy without `Check.Request`. */
function callerOf({ name, requester }: Entry): Caller {
  const { id = `${noId}/${noId}`, roles = ['Check.Request'], groups = [], via = 'http' } = requester;
  const [tenantId = '', objectId = ''] = id.split('/');
  return { requester: { id, tenantId, objectId, name, kind: 'user', via }, roles, groups, groupsOverage: false };
}
