import type { Side } from '../../contract/request/side.ts';
import { allOf, anything, type Condition, type Unknown } from './condition.ts';
import { destinationCondition } from './destination-condition.ts';
import type { RuleDocument } from '../document/policy-document.ts';
import { portCondition } from './port-condition.ts';
import { parsePortRange } from '../pattern/port-range.ts';
import type { AccessRequest } from './access-request.ts';
import { bindsRequester } from './requester-condition.ts';
import { sourceCondition } from './source-condition.ts';

/** A rule made ready: its members are conditions, and one that is left out always holds. */
export interface Rule {
  readonly written: RuleDocument;
  readonly requester: Condition;
  readonly source: Condition;
  readonly destination: Condition;
  readonly port: Condition;
  readonly protocol: Condition;
}

export function compileRule(written: RuleDocument, endpoints: ReadonlyMap<string, Side>): Rule {
  const { sources, destinations, ports, protocols, effect } = written;
  return {
    written,
    requester: bindsRequester(written),
    source: sourceCondition(sources, endpoints),
    destination: destinationCondition(destinations, effect, endpoints),
    port: ports ? portCondition(ports.flatMap((text) => parsePortRange(text) ?? [])) : anything,
    protocol: protocols
      ? ({ protocol }) => (protocol === undefined ? 'protocol' : protocols.includes(protocol))
      : anything,
  };
}

/** `[]` where the rule matches; what is unknown where it would match for some value of that; `undefined` where it cannot. */
export function matchRule(rule: Rule, request: AccessRequest): readonly Unknown[] | undefined {
  return allOf([rule.requester, rule.source, rule.destination, rule.port, rule.protocol], request);
}
