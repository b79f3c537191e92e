import { createHash } from 'node:crypto';
import { canonicalJson } from '../contract/canonical-json.ts';
import { readSide, type Side } from '../contract/request/side.ts';
import { schemaErrors } from './document/schema-errors.ts';
import { type EndpointDocument, type PolicyDocument, policyDocumentSchema } from './document/policy-document.ts';
import { referenceErrors } from './document/reference-errors.ts';
import { compileRule, type Rule } from './rule/rule.ts';
import { stripComments } from './document/strip-comments.ts';

/** Bounds for each requester; one that is absent does not bind. */
export interface Limits {
  readonly requestsPerMinute?: number | undefined;
  /** Checks that may be under way at once. */
  readonly active?: number | undefined;
  readonly portsPerHour?: number | undefined;
}

/** Who may test what, made ready once. */
export interface Policy {
  /** SHA-256, in hex, of what the policy says: comments, spacing and the order of members and rules do not change it. */
  readonly hash: string;
  readonly limits: Limits;
  /** By id. */
  readonly allowRules: readonly Rule[];
  /** By id. */
  readonly denyRules: readonly Rule[];
  readonly endpoints: ReadonlyMap<string, Side>;
  /** Object ids of the groups that rules name, in lower case. */
  readonly groups: ReadonlySet<string>;
}

export type ParsedPolicy =
  { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly faults: readonly string[] };

/** Reads a policy file. Every fault is named, each as `path: what is wrong and what to write`. */
export function parsePolicy(text: string): ParsedPolicy {
  const json = parseJson(text);
  if (!json.ok) return { ok: false, faults: [json.fault] };
  const parsed = policyDocumentSchema.safeParse(json.value);
  const faults = [...(parsed.error?.issues.flatMap(schemaErrors) ?? []), ...referenceErrors(json.value)];
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  return { ok: true, policy: compile(parsed.data) };
}

function parseJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: string } {
  try {
    // Editors of Windows like to begin a file with a byte order mark.
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    return { ok: false, fault: `the file is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function compile(document: PolicyDocument): Policy {
  const endpoints = new Map(Object.entries(document.endpoints ?? {}).map(([name, each]) => [name, sideOf(each)]));
  const byId = document.rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rules = byId.map((rule) => compileRule(rule, endpoints));
  const { requestsPerMinute, active, portsPerHour } = document.limits ?? {};
  return {
    hash: createHash('sha256')
      .update(canonicalJson(stripComments({ ...document, rules: byId })))
      .digest('hex'),
    limits: { requestsPerMinute, active, portsPerHour },
    allowRules: rules.filter(({ written }) => written.effect === 'allow'),
    denyRules: rules.filter(({ written }) => written.effect === 'deny'),
    endpoints,
    groups: new Set(byId.flatMap(({ requesters }) => requesters?.groups ?? []).map((group) => group.toLowerCase())),
  };
}

function sideOf(endpoint: EndpointDocument): Side {
  const side = readSide(endpoint);
  if (!side) throw new Error('An endpoint cannot be read: parsePolicy should have named it');
  return side;
}
