import { expect } from 'vitest';
import type { ConnectivityParameters } from '../../../src/arm/connectivity-parameters.ts';
import { type StatedVerdict, statedVerdictSchema } from '../../../src/contract/verdict.ts';
import { issueMeanings } from '../../../src/verdict/issue/issue-meanings.ts';
import { statusMeanings } from '../../../src/verdict/status-reasons.ts';

const kindOf = (code: string) => issueMeanings.find((meaning) => meaning.code === code)?.kind;
const statusCodes: readonly string[] = Object.values(statusMeanings).map(({ code }) => code);

// Azure's words for hops, which nobody says.
const hopTypes = /\b(?:VirtualNetwork|VnetLocal|VirtualAppliance|VirtualNetworkGateway|VirtualNetworkPeering)\b/;
const ofHttp = /\bHTTPS?\b|status code|certificate|validStatusCodes/i;

/** What holds for the verdict on every check, whatever Azure answered. */
export function expectSound(verdict: StatedVerdict, { protocol, destination }: ConnectivityParameters): void {
  expect(statedVerdictSchema.parse(verdict)).toEqual(verdict);
  const { summary, reasons, reachability } = verdict;
  expect(summary).toMatch(/^\S.*\S\.$/u);
  const texts = [summary, ...reasons.flatMap(({ message, action }) => [message, action])];
  for (const text of texts) {
    expect(text).not.toMatch(hopTypes);
    expect(text).not.toMatch(/undefined|\{(?:hop|what|rule|source|destination)\}| {2}/);
    if (protocol === 'Tcp' || protocol === 'Icmp')
      expect(text.replaceAll(destination.address ?? '', '')).not.toMatch(ofHttp);
  }
  if (reachability !== undefined && reachability !== 'Reachable') expect(reasons).not.toEqual([]);
  expectOneOwnerForEachCause(verdict);
}

function expectOneOwnerForEachCause({ reasons }: StatedVerdict): void {
  const live = reasons.filter(({ owner }) => owner !== 'nobody');
  const causes = live.filter(({ code }) => !statusCodes.includes(code));
  const known = causes.map(({ code }) => kindOf(code));
  if (known.some((kind) => kind !== 'symptom' && kind !== undefined)) expect(known).not.toContain('symptom');
  for (const { code, hop } of causes.filter(({ hop: place }) => place !== undefined)) {
    const beside = causes.filter((other) => other.hop === hop && other.code !== code).map((other) => other.code);
    if (kindOf(code) === 'off') expect(beside.map(kindOf)).not.toContain('machine');
    if (code === 'GuestFirewall') expect(beside).not.toContain('NoListenerOnDestination');
  }
  const ours = live.map(({ code }) => code).filter((code) => statusCodes.includes(code) && code !== 'NoProbes');
  if (ours.length > 0) expect(causes).toEqual([]);
}
