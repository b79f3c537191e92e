import type { Protocol } from '../arm/connectivity-parameters.ts';
import { nearest } from '../contract/text/nearest.ts';
import { type Fault, fault } from './line.ts';
import { isPort, shown } from './read-destination.ts';

const protocols: ReadonlyMap<string, Protocol> = new Map([
  ['tcp', 'Tcp'],
  ['icmp', 'Icmp'],
  ['http', 'Http'],
  ['https', 'Https'],
]);

export const protocolOf = (word: string): Protocol | undefined => protocols.get(word.toLowerCase());

/** What is wrong with a word behind the destination that is no protocol. */
export function whyNoProtocol(word: string, destination: string): Fault {
  if (isPort(word)) return fault(`Write the port behind a colon: ${shown(`${destination}:${word}`)}.`);
  if (/^udp$/i.test(word)) return fault("Azure's check has no UDP: give tcp, icmp, http or https.");
  if (/^ping$/i.test(word)) return fault('Write icmp for a ping.');
  if (/^port$/i.test(word)) return fault(`Write the port behind a colon: ${shown(`${destination}:443`)}.`);
  const near = nearest(word, [...protocols.keys(), 'because']);
  if (near !== undefined) return fault(`${shown(word)} is no protocol: did you mean ${shown(near)}?`);
  return fault(
    `${shown(word)} is too much: behind the destination stands tcp, icmp, http or https, and a reason behind "because".`,
  );
}
