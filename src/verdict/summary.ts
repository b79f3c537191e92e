import type { ConnectivityInformation } from '../arm/connectivity-information.ts';
import type { Owner, Reason } from '../contract/verdict.ts';
import { how, type Flow } from './words/flow.ts';
import { inside } from './words/inside.ts';
import { type Probes, probesInWords, someAnswered } from './words/probes.ts';
import { roundTripInWords } from './words/round-trip.ts';
import type { Findings } from './status-reasons.ts';

type Names = Readonly<Record<'source' | 'destination', string>>;

/** `web-01 (10.1.1.4) cannot reach 10.1.4.4 on TCP port 22 (30 of 30 probes failed): NSG rule …; ask the network team.` */
export function summaryOf(
  information: ConnectivityInformation,
  findings: Findings,
  flow: Flow,
  names: Names,
  reasons: readonly Reason[],
): string {
  const probes = probesInWords(findings.probes);
  const way = `${names.destination} ${how(flow)}`;
  const [cause, ...more] = reasons.filter(({ owner }) => owner !== 'nobody');
  const allFailed = someAnswered(findings.probes) === false;
  switch (findings.reachability) {
    case 'Reachable':
      if (allFailed)
        return `Azure calls ${way} reachable from ${names.source}, and yet ${probes}${because(':', cause, more)}.`;
      return `${names.source} reaches ${way}: ${probes}${latency(information, findings.probes)}${because(', but', cause, more)}.`;
    case 'Degraded':
      if (allFailed)
        return `Azure calls ${way} reachable in part from ${names.source}, and yet ${probes}${because(':', cause, more)}.`;
      return `${names.source} reaches ${way} only in part: ${probes}${latency(information, findings.probes)}${because(';', cause, more)}.`;
    case 'Unreachable':
      if (cause && wrongAnswers.has(cause.code))
        return `${names.source} reaches ${way}, but the answer is not the expected one (${probes})${because(':', cause, more)}.`;
      return `${names.source} cannot reach ${way} (${probes})${because(':', cause, more)}.`;
    case 'Inconclusive':
      return couldNotTell(
        `${names.source} can reach ${way}`,
        cause?.code === 'NoProbes' ? '' : ` (${probes})`,
        cause,
        more,
      );
  }
}

/** Azure calls a server unreachable, too, that answers other than was asked for. */
const wrongAnswers: ReadonlySet<string> = new Set([
  'StatusCodeValidationFailed',
  'HeaderValidationFailed',
  'ContentValidationFailed',
]);

/** For a check that came to no conclusion, whether Azure or the proxy could not tell. */
export const couldNotTell = (what: string, aside: string, cause?: Reason, more: readonly Reason[] = []): string =>
  `It could not be found out whether ${what}${aside}${because(':', cause, more)}.`;

/** What whoever asked for the check does next: the action itself, where it is theirs. */
const next = ({ owner, action }: Reason): string => (owner === 'requester' ? inside(action) : whomToAsk[owner]);

const whomToAsk: Readonly<Record<Exclude<Owner, 'requester'>, string>> = {
  'network team': 'ask the network team',
  'VM owner': 'ask the owner of the VM',
  application: 'ask the team that runs the destination',
  platform: 'if it stays, ask Azure support',
  'proxy operator': 'ask the operators of this proxy',
  nobody: 'nothing has to be done',
};

function because(joint: string, cause: Reason | undefined, more: readonly Reason[]): string {
  if (cause === undefined) return '';
  const further = more.length === 0 ? '' : ` (${more.length} more ${more.length === 1 ? 'reason' : 'reasons'} below)`;
  return `${joint} ${inside(cause.message)}; ${next(cause)}${further}`;
}

/** `, in 2 ms on average (1–7 ms)`; where some failed, `, the others took …` */
function latency(information: ConnectivityInformation, { failed }: Probes): string {
  const { avgLatencyInMs: average, minLatencyInMs: least, maxLatencyInMs: most } = information;
  const told = roundTripInWords({ least, average, most });
  if (told === undefined) return '';
  return failed === undefined || failed === 0 ? `, in ${told}` : `, the others took ${told}`;
}
