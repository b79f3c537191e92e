import type { Rule } from '../../../client/answers.ts';
import { visible } from '../../../rendering/visible.ts';

/** Rules of the policy, each in words. */
export function RuleList({ rules, none }: { readonly rules: readonly Rule[]; readonly none: string }) {
  if (rules.length === 0) return <p class="quiet">{none}</p>;
  return (
    <ul class="rules">
      {rules.map((rule) => (
        <li key={rule.id}>
          <dl>
            {rowsOf(rule).map(([name, text]) => (
              <>
                <dt key={name}>{name}</dt>
                <dd>{text}</dd>
              </>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function rowsOf({ id, sources, destinations, ports, protocols, reason, limits }: Rule): readonly [string, string][] {
  const limited = limits && limitsInWords(limits);
  return [
    ['From', anyOf(sources, 'anywhere')],
    ['To', anyOf(destinations, 'anywhere')],
    ['Ports', anyOf(ports, 'all')],
    [
      'Protocols',
      anyOf(
        protocols?.map((each) => each.toUpperCase()),
        'all',
      ),
    ],
    ...(reason === undefined ? [] : ([['Because', visible(reason)]] satisfies [string, string][])),
    ...(limited === undefined ? [] : ([['Limits', limited]] satisfies [string, string][])),
    ['Rule', visible(id)],
  ];
}

const anyOf = (patterns: readonly string[] | undefined, all: string): string =>
  patterns === undefined || patterns.length === 0 ? all : patterns.map(patternInWords).join(', ');

/** `endpoint:sql-01` names what has a name already; everything below a place is the place. */
const patternInWords = (pattern: string): string => visible(pattern.replace(/^endpoint:/, ''));

function limitsInWords({ requestsPerMinute, active, portsPerHour }: NonNullable<Rule['limits']>): string {
  const told = [
    requestsPerMinute === undefined ? '' : `${requestsPerMinute} checks in a minute`,
    active === undefined ? '' : `${active} under way at once`,
    portsPerHour === undefined ? '' : `${portsPerHour} ports of one destination in an hour`,
  ];
  return told.filter((text) => text !== '').join(', ');
}
