import { sourceTypes } from '../../arm/source-types.ts';
import { segmentsOf } from '../../arm/resource-id.ts';
import { readSide } from '../../contract/request/side.ts';
import { glob } from '../pattern/glob.ts';
import { parsePortRange } from '../pattern/port-range.ts';
import { targetPortsOf } from '../rule/target.ts';
import type { Fault } from './fault.ts';
import type { PolicyDocument, RuleDocument } from './policy-document.ts';

/**
 * Entries of a rule that no check can ever meet, such as a virtual network as a source. In a rule that denies they are
 * faults, as they are where they match no requester; in one that allows they are warnings.
 */
export function unmatchedChecks({ rules, endpoints = {} }: PolicyDocument, effect: RuleDocument['effect']): Fault[] {
  return rules.flatMap((rule, index) =>
    rule.effect === effect
      ? [...wrongSources(rule), ...wrongDestinations(rule, endpoints), ...portsOfPings(rule), ...exceptsAll(rule)].map(
          ({ path, message }) => ({ path: ['rules', index, ...path], message }),
        )
      : [],
  );
}

type Endpoints = NonNullable<PolicyDocument['endpoints']>;

function wrongSources({ sources = [] }: RuleDocument): Fault[] {
  return sources.flatMap((entry, index) =>
    entry.startsWith('/') && !canBeSource(entry)
      ? [
          {
            path: ['sources', index],
            message: `"${entry}" matches no source: a check starts from a virtual machine, a scale-set instance, a Bastion host or an application gateway`,
          },
        ]
      : [],
  );
}

/** Whether the pattern can match the id of a resource of a type that checks start from. */
function canBeSource(pattern: string): boolean {
  const open = pattern.endsWith('/**');
  const matchers = segmentsOf(open ? pattern.slice(0, -3) : pattern).map(glob);
  return sourceTypes.some((type) => {
    const [namespace = '', ...types] = type.split('/');
    const words = ['subscriptions', '', 'resourcegroups', '', 'providers', namespace, ...types.flatMap((t) => [t, ''])];
    const fits = open ? matchers.length <= words.length : matchers.length === words.length;
    return fits && matchers.every((matches, at) => words[at] === '' || matches(words[at] ?? ''));
  });
}

function wrongDestinations({ destinations = [], ports, protocols }: RuleDocument, endpoints: Endpoints): Fault[] {
  const ranges = ports?.flatMap((text) => parsePortRange(text) ?? []);
  const isTested = (port: number | undefined): boolean =>
    port === undefined || (!isPing(protocols) && ranges?.some(({ from, to }) => from <= port && port <= to) !== false);
  return destinations.flatMap((entry, index) => {
    const side = entry.startsWith('endpoint:') ? readSide(endpoints[entry.slice('endpoint:'.length)] ?? {}) : undefined;
    const [first, ...more] = side ? targetPortsOf(side) : [];
    if (!first || [first, ...more].some(({ port }) => isTested(port))) return [];
    const instead = isPing(protocols) ? 'and Icmp has no port' : 'which is not among ports';
    return [
      { path: ['destinations', index], message: `"${entry}" matches nothing: it has port ${first.port}, ${instead}` },
    ];
  });
}

const portsOfPings = ({ ports, protocols }: RuleDocument): Fault[] =>
  ports && isPing(protocols)
    ? [{ path: ['ports'], message: 'match nothing: Icmp, the only protocol here, has no port; leave ports out' }]
    : [];

const isPing = (protocols: RuleDocument['protocols']): boolean =>
  protocols?.every((protocol) => protocol === 'Icmp') === true;

/** Whoever the rule is about is excepted. */
function exceptsAll({ requesters = {}, except }: RuleDocument): Fault[] {
  if (!except) return [];
  const members = (['groups', 'roles', 'ids', 'via'] as const).filter((member) => except[member] !== undefined);
  const covers = members.every((member) => {
    const excepted = except[member]?.map((entry) => entry.toLowerCase());
    return requesters[member]?.every((entry) => excepted?.includes(entry.toLowerCase()));
  });
  return covers && members.length > 0
    ? [{ path: ['except'], message: 'is everybody whom the rule is about, so that it binds nobody' }]
    : [];
}
