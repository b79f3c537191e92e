import { bareWord } from '../../../line/bare-word.ts';
import type { Ask, Line } from '../../../line/line.ts';
import { parseLine } from '../../../line/parse-line.ts';
import { readAsk, readReason } from '../../../line/read-ask.ts';
import { isPort, readDestination, shown } from '../../../line/read-destination.ts';
import { readSource } from '../../../line/read-source.ts';
import { type AskRequest, type KnownEndpoint, requestsOf } from '../../../line/requests-of.ts';
import { type Fields, isEmpty } from './faces.ts';

/** What is written, in one of its two faces. */
export type Written =
  { readonly face: 'line'; readonly line: string } | { readonly face: 'fields'; readonly fields: Fields };

/** A check that can be asked for. */
export interface Question {
  readonly ask: Ask;
  /** What its words can mean, the likeliest first. */
  readonly meanings: readonly AskRequest[];
  /** Equal where the same is asked. */
  readonly key: string;
}

/** What was written comes to. */
export type Read =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'fault'; readonly message: string; readonly field: keyof Fields }
  | { readonly kind: 'check'; readonly question: Question }
  | { readonly kind: 'other'; readonly line: Exclude<Line, { verb: 'check' }> };

/** Reads what is written; a fault names the field that it is about, where there are fields. */
export function readAsked(written: Written, endpoints: readonly KnownEndpoint[]): Read {
  return written.face === 'line' ? readLine(written.line, endpoints) : readFields(written.fields, endpoints);
}

function readLine(text: string, endpoints: readonly KnownEndpoint[]): Read {
  if (text.trim() === '') return { kind: 'nothing' };
  const read = parseLine(text);
  if (!read.ok) return fault('source', read.message);
  return read.line.verb === 'check' ? asQuestion(read.line, endpoints) : { kind: 'other', line: read.line };
}

function readFields(fields: Fields, endpoints: readonly KnownEndpoint[]): Read {
  if (isEmpty(fields)) return { kind: 'nothing' };
  const { source, destination } = fields;
  const port = fields.port.trim();
  if (source.trim() === '') return fault('source', 'Say from where: an endpoint, a machine, or a resource id.');
  if (destination.trim() === '') return fault('destination', 'Say to where: a name, an address, or a URI.');
  if (port !== '' && !isPort(port)) return fault('port', `${shown(port)} is no port: give a number from 1 to 65535.`);
  const words = { source, destination, protocol: given(fields.protocol), reason: given(fields.reason) };
  const read = readAsk({ ...words, ...(port !== '' && { port: Number(port) }) });
  if (read.ok) return asQuestion(read.ask, endpoints);
  return fault(readAsk(words).ok ? 'port' : wrongField(fields), read.message);
}

function wrongField({ source, destination, reason }: Fields): keyof Fields {
  if (!readSource(bareWord(source.trim())).ok) return 'source';
  if (!readDestination(bareWord(destination.trim())).ok) return 'destination';
  return readReason(given(reason)).ok ? 'protocol' : 'reason';
}

function asQuestion({ source, destination, port, protocol, reason }: Ask, endpoints: readonly KnownEndpoint[]): Read {
  const ask: Ask = {
    ...{ source, destination },
    ...(port !== undefined && { port }),
    ...(protocol !== undefined && { protocol }),
    ...(reason !== undefined && { reason }),
  };
  const read = requestsOf(ask, endpoints);
  if (!read.ok) return fault('port', read.message);
  return { kind: 'check', question: { ask, meanings: read.requests, key: JSON.stringify(read.requests) } };
}

const fault = (field: keyof Fields, message: string): Read => ({ kind: 'fault', field, message });

const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text);
