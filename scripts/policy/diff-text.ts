import type { Changed, PolicyDiff } from './diff-policies.ts';
import type { Tally } from './tally-audit.ts';

/** Whom a change of the policy would cut off, whom it would let in, and of how many that cannot be told. */
export function diffText(
  { from, to, unreadable, asked }: Tally,
  { cutOff, opened, untold, goneSets }: PolicyDiff,
): string {
  const lost = unreadable === 0 ? '' : `; lines that could not be read: ${unreadable}`;
  return [
    `${total(asked)} requests from ${day(from)} to ${day(to)}${lost}.`,
    '',
    ...section('Would be cut off', cutOff),
    ...section('Would be let in, and was not', opened),
    ...(goneSets.length === 0 ? [] : [`Sets that the new policy does not have: ${goneSets.join(', ')}.`, '']),
    `Cannot be told: ${total(untold)} requests.`,
    ...reasons(untold),
  ].join('\n');
}

function section(title: string, changed: readonly Changed[]): readonly string[] {
  const people = new Set(changed.map(({ requester }) => requester.id)).size;
  const sorted = changed.toSorted((a, b) => b.count - a.count);
  return [`${title}: ${total(changed)} requests of ${people} requesters.`, ...sorted.flatMap(lines), ''];
}

function lines({ requester, target, count, first, last, reason }: Changed): readonly string[] {
  const { source = '', destination = '', port, protocol = '' } = target;
  const flow = `${source} -> ${destination}${port === undefined ? '' : ` port ${port}`} ${protocol}`.trim();
  return [
    `  ${requester.name} (${requester.id}, ${requester.via}): ${flow}`,
    `    ${count} times, ${day(first)} to ${day(last)}. ${reason}`,
  ];
}

function reasons(untold: readonly Changed[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of untold) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([reason, count]) => `  ${count}: ${reason}`);
}

const total = (asked: readonly { readonly count: number }[]): number =>
  asked.reduce((sum, { count }) => sum + count, 0);
const day = (time: string): string => time.slice(0, 10);
