import { readSide, type Side } from '../contract/request/side.ts';
import { sha256 } from '../contract/sha256.ts';
import { compileContact, type Contact } from './contact/contact.ts';
import { type CallbackRule, compileCallback } from './callback/callback-rule.ts';
import type { Fault } from './document/fault.ts';
import { faultText } from './document/fault-text.ts';
import {
  type EndpointDocument,
  type PolicyDocument,
  policyDocumentSchema,
  type RuleDocument,
} from './document/policy-document.ts';
import { readDocument } from './document/read-document.ts';
import { referenceErrors } from './document/reference-errors.ts';
import { schemaErrors } from './document/schema-errors.ts';
import { unmatchedChecks } from './document/unmatched-checks.ts';
import { unmatchedRequesters } from './document/unmatched-requesters.ts';
import { compileSet, type PolicySet } from './sets/policy-set.ts';
import { setErrors } from './sets/set-errors.ts';
import { unallowedMembers } from './sets/unallowed-members.ts';
import { compileRule, type Rule } from './rule/rule.ts';
import { writtenLimits } from './written-limits.ts';

/** Bounds for each requester; one that is absent does not bind. */
export interface Limits {
  readonly requestsPerMinute?: number | undefined;
  /** Checks that may be under way at once. */
  readonly active?: number | undefined;
  readonly portsPerHour?: number | undefined;
}

/** Who may test what, made ready once. */
export interface Policy {
  /** SHA-256 of the file, in hex, as `sha256sum` prints it. */
  readonly hash: string;
  readonly limits: Limits;
  /** By id. */
  readonly allowRules: readonly Rule[];
  /** By id. */
  readonly denyRules: readonly Rule[];
  readonly endpoints: ReadonlyMap<string, Side>;
  /** Object ids of the groups that rules name, in lower case. */
  readonly groups: ReadonlySet<string>;
  /** Roles that the policy declares beside the app's own. */
  readonly customRoles: readonly string[];
  /** In the order of the file. */
  readonly contacts: readonly Contact[];
  /** In the order of the file. */
  readonly callbacks: readonly CallbackRule[];
  readonly sets: ReadonlyMap<string, PolicySet>;
}

interface Warned {
  /** What allows nobody or nothing, though somebody wrote it: the policy holds, and lets in fewer than it seems to. */
  readonly warnings: readonly string[];
}
export type ParsedPolicy = Warned &
  ({ readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly faults: readonly string[] });

/** Reads a policy file. Every fault is named, each with its place, what is wrong and what to write. */
export function parsePolicy(text: string): ParsedPolicy {
  const read = readDocument(text);
  if (!read.ok) return { ok: false, faults: [read.fault], warnings: [] };
  const { value, lineOf } = read;
  const parsed = policyDocumentSchema.safeParse(value, { reportInput: true });
  const unmatched = unmatchedRequesters(value);
  const found = [
    ...read.faults,
    ...(parsed.error?.issues.flatMap(schemaErrors) ?? []),
    ...referenceErrors(value),
    ...setErrors(value),
    ...unmatched.faults,
    ...(parsed.success ? unmatchedChecks(parsed.data, 'deny') : []),
  ];
  const toText = faultText(value, lineOf);
  const warnings = [
    ...unmatched.warnings,
    ...(parsed.success ? unmatchedChecks(parsed.data, 'allow') : []),
    ...nothingAllowed(parsed.data),
  ].map(toText);
  if (!parsed.success || found.length > 0) return { ok: false, faults: found.map(toText), warnings };
  const policy = compile(parsed.data, sha256(text));
  return { ok: true, policy, warnings: [...warnings, ...unallowedMembers(policy).map(toText)] };
}

function nothingAllowed(document: PolicyDocument | undefined): readonly Fault[] {
  if (!document || document.rules.some(({ effect }) => effect === 'allow')) return [];
  return [{ path: ['rules'], message: 'none allows anything, so every check is refused: add a rule that allows' }];
}

function compile(document: PolicyDocument, hash: string): Policy {
  const endpoints = new Map(Object.entries(document.endpoints ?? {}).map(([name, each]) => [name, sideOf(each)]));
  const byId = document.rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rules = byId.map((rule) => compileRule(rule, endpoints));
  const callbacks = document.callbacks ?? [];
  const sets = Object.entries(document.sets ?? {});
  return {
    hash,
    limits: writtenLimits(document.limits) ?? {},
    allowRules: rules.filter(({ written }) => written.effect === 'allow'),
    denyRules: rules.filter(({ written }) => written.effect === 'deny'),
    endpoints,
    groups: new Set(
      [...byId, ...callbacks, ...sets.map(([, set]) => set)].flatMap(groupsOf).map((group) => group.toLowerCase()),
    ),
    customRoles: document.customRoles ?? [],
    contacts: (document.contacts ?? []).map((written) => compileContact(written, endpoints)),
    callbacks: callbacks.map(compileCallback),
    sets: new Map(sets.map(([name, set]) => [name, compileSet(set)])),
  };
}

const groupsOf = ({ requesters, except }: Pick<RuleDocument, 'requesters' | 'except'>): readonly string[] => [
  ...(requesters?.groups ?? []),
  ...(except?.groups ?? []),
];

function sideOf(endpoint: EndpointDocument): Side {
  const side = readSide(endpoint);
  if (!side) throw new Error('An endpoint cannot be read: parsePolicy should have named it');
  return side;
}
