import { type Ask, type Fault, fault } from './line.ts';
import { parseLine } from './parse-line.ts';

/** Reads the checks of a set: one a line; `#` begins a comment. */
export function readSetLines(text: string): { readonly ok: true; readonly asks: readonly Ask[] } | Fault {
  const asks: Ask[] = [];
  for (const [index, written] of text.split('\n').entries()) {
    const line = written.replace(/(?:^|\s)#.*$/s, '').trim();
    if (line === '') continue;
    const read = parseLine(line);
    if (!read.ok) return fault(`Line ${index + 1}: ${read.message}`);
    if (read.line.verb !== 'check')
      return fault(`Line ${index + 1} is no check: a set has lines such as "web-01 sql-01:1433".`);
    const { source, destination, port, protocol, reason } = read.line;
    asks.push({
      ...{ source, destination },
      ...(port !== undefined && { port }),
      ...(protocol && { protocol }),
      ...(reason !== undefined && { reason }),
    });
  }
  return asks.length === 0 ? fault('The set has no checks.') : { ok: true, asks };
}
