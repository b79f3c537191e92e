import type { Protocol } from '../arm/connectivity-parameters.ts';
import { nameFirst } from '../address/name-character.ts';
import { escapeHidden } from '../contract/text/escape-hidden.ts';
import { type Ask, type Fault, fault } from './line.ts';
import { bareWord } from './bare-word.ts';
import { readDestination, schemeOf } from './read-destination.ts';
import { protocolOf, whyNoProtocol } from './read-protocol.ts';
import { readSource } from './read-source.ts';

/** A check in words, as a line or a form has them. */
export interface Words {
  readonly source: string;
  /** `DESTINATION[:PORT]` */
  readonly destination: string;
  /** Given apart; it may also stand behind the destination. */
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
  readonly reason?: string | undefined;
}

export type ReadAsk = { readonly ok: true; readonly ask: Ask } | Fault;

const LONGEST_REASON = 500;

/** Reads the words of a check. What people paste is undone; what can be no name is refused by naming the character. */
export function readAsk({ source, destination, port, protocol: word, reason }: Words): ReadAsk {
  const from = readSource(bareWord(source.trim()));
  if (!from.ok) return from;
  const to = readDestination(bareWord(destination.trim()));
  if (!to.ok) return to;
  const way = readProtocol(word, to.word);
  if (!way.ok) return way;
  const why = readReason(reason);
  if (!why.ok) return why;
  if (port !== undefined && to.port !== undefined && port !== to.port)
    return fault(`Two ports are given, ${to.port} and ${port}: give one.`);
  const place = to.port ?? port;
  return {
    ok: true,
    ask: {
      ...{ source: from.word, destination: to.word },
      ...(place !== undefined && { port: place }),
      ...(way.protocol && { protocol: way.protocol }),
      ...(why.reason !== undefined && { reason: why.reason }),
    },
  };
}

type ReadProtocol = { readonly ok: true; readonly protocol?: Protocol } | Fault;

function readProtocol(written: string | undefined, destination: string): ReadProtocol {
  if (written === undefined) return { ok: true };
  const word = bareWord(written.trim());
  const protocol = protocolOf(word);
  if (protocol === undefined) return whyNoProtocol(word, destination);
  const scheme = schemeOf(destination) ?? protocol;
  if (protocol === scheme) return { ok: true, protocol };
  return fault(
    `A URI is tested by its own scheme, ${scheme.toLowerCase()}: leave ${protocol.toLowerCase()} out, or give the host name alone.`,
  );
}

type ReadReason = { readonly ok: true; readonly reason?: string } | Fault;

/** A reason is somebody's prose, and stays as it is but for blanks that only look like one. */
export function readReason(text: string | undefined): ReadReason {
  if (text === undefined) return { ok: true };
  const reason = text
    .replace(/\r\n?|[\u2028\u2029\v\f]/g, '\n')
    .replace(/[^\S\n\t]/gu, ' ')
    .trim();
  if (reason === '') return fault('Say why behind "because", or leave it out.');
  if (reason.length > LONGEST_REASON) return fault(`A reason has at most ${LONGEST_REASON} characters: shorten it.`);
  const hidden = nameFirst(reason, (character) => escapeHidden(character, '\t\n') !== character);
  return hidden === undefined
    ? { ok: true, reason }
    : fault(`The reason has ${hidden}, which nobody sees: take it out.`);
}
