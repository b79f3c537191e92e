import type { Limit, Me, Rule } from '../../client/answers.ts';
import { visible } from '../../rendering/visible.ts';
import type { Context, Outcome } from '../context.ts';
import { drawTable } from '../draw/draw-table.ts';
import { exitCodes } from '../exit-codes.ts';

/** Who one is to the proxy, and what applies to one. */
export async function me({ client, signal, terminal: { paint } }: Context): Promise<Outcome> {
  const answer = await client().me({ signal });
  return {
    json: answer,
    text: drawMe(answer)
      .map(([title, text]) => `${paint('bold', title)}\n${text}`)
      .join('\n\n'),
    exit: exitCodes.ok,
  };
}

function drawMe({ requester, roles, rules, endpoints, limits, paused }: Me): readonly (readonly [string, string])[] {
  const why =
    paused &&
    [paused.reason, paused.contact]
      .filter((each) => each !== undefined)
      .map(visible)
      .join('; ');
  return [
    [
      visible(requester.name),
      visible(`${requester.id}\n${roles.length === 0 ? 'no role' : roles.join(', ')}`.replace('\n', ' · ')),
    ],
    ...(why === undefined ? [] : [['The proxy is paused', why || 'The operators do not say why.'] as const]),
    ...table(
      'Rules',
      rules.map((rule) => [ruleInWords(rule)]),
    ),
    ...table(
      'Endpoints',
      endpoints.map(({ name, resourceId, address, port }) => [
        name,
        resourceId ?? address ?? '',
        port === undefined ? '' : String(port),
      ]),
    ),
    ...table('Limits', limits.map(limitRow)),
  ];
}

const table = (title: string, rows: readonly (readonly string[])[]): readonly (readonly [string, string])[] =>
  rows.length === 0 ? [] : [[title, drawTable(rows.map((row) => row.map(visible)))]];

/** Rules can be long: one that is cut into columns cannot be read. */
const ruleInWords = ({ id, effect, sources, destinations, ports, protocols, reason }: Rule): string =>
  [
    `${effect} ${id}: ${all(sources)} → ${all(destinations)}`,
    ...(ports ? [`port ${all(ports)}`] : []),
    ...(protocols ? [all(protocols)] : []),
    ...(reason === undefined ? [] : [`“${reason}”`]),
  ].join(', ');

const all = (texts: readonly string[] | undefined): string => texts?.join(', ') ?? 'anything';

const limitRow = ({ name, quota, remaining, resetSeconds }: Limit): readonly string[] => [
  ...[name, `${remaining} of ${quota} left`, remaining < quota ? `more in ${resetSeconds} s` : ''],
];
