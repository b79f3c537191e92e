import { formatLine } from '../../../line/format-line.ts';
import type { Ask } from '../../../line/line.ts';
import { parseLine } from '../../../line/parse-line.ts';
import { verbOf } from '../../../line/verbs.ts';

/** A check in fields, as they were written. */
export interface Fields {
  readonly source: string;
  readonly destination: string;
  readonly port: string;
  /** As in a line: `tcp`. */
  readonly protocol: string;
  readonly reason: string;
}

export const noFields: Fields = { source: '', destination: '', port: '', protocol: '', reason: '' };

/** What an address of this page fills in. */
export const fieldsIn = (query: URLSearchParams): Fields => ({
  source: query.get('source') ?? '',
  destination: query.get('destination') ?? '',
  port: query.get('port') ?? '',
  protocol: query.get('protocol')?.toLowerCase() ?? '',
  reason: query.get('reason') ?? '',
});

export const isEmpty = (fields: Fields): boolean => Object.values(fields).every((text: string) => text.trim() === '');

export const fieldsOf = ({ source, destination, port, protocol, reason = '' }: Ask): Fields => ({
  ...{ source, destination, reason },
  port: port === undefined ? '' : String(port),
  protocol: protocol?.toLowerCase() ?? '',
});

/** What stands in a line, in fields: also of one that is not finished or not right. Another line than a check has none. */
export function fieldsOfLine(line: string): Fields {
  const read = parseLine(line);
  if (read.ok && read.line.verb === 'check') return fieldsOf(read.line);
  const [, before = '', reason = ''] = /^(.*?)(?:\sbecause\s(.*))?$/is.exec(line.trim()) ?? [];
  const [source = '', destination = '', ...rest] = before.split(/\s+/);
  if (verbOf(source) !== undefined) return noFields;
  return { source, destination, port: '', protocol: rest.join(' '), reason };
}

/** What stands in fields, in a line. */
export function lineOfFields({ source, destination, port, protocol, reason }: Fields): string {
  const to = { source: source.trim(), destination: destination.trim() };
  const isPlain = /^\d+$/.test(port.trim()) && to.destination !== '';
  const words = formatLine({ verb: 'check', ...to, ...(isPlain && { port: Number(port) }) }).trim();
  const rest = [isPlain ? '' : port.trim(), protocol.trim(), reason.trim() === '' ? '' : `because ${reason.trim()}`];
  return [words, ...rest].filter((word) => word !== '').join(' ');
}
