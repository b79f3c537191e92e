import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/audit/export/to-csv.ts';
import { toNdjson } from '../../src/audit/export/to-ndjson.ts';
import { requesterOf, sampleEvent } from '../support/azurite-audit.ts';

/** Reads RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  const row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push(row.splice(0));
  }
  return rows;
}

describe('the export as CSV', () => {
  it('has a header, and a line for each event, of which the cells are read back to the letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('a,"b"', 'line\r\nbreak', "'", ''), (name, reason) => {
        fc.pre(!/^\s*[=+\-@|＝＋－＠]|^[\t\r\n]/.test(name));
        const event = sampleEvent({ requester: { ...requesterOf('alice'), name }, reason });
        const [header = [], ...lines] = readCsv(toCsv([event, event]));
        expect(lines).toHaveLength(2);
        const cells = Object.fromEntries(header.map((column, i) => [column, lines[1]![i]]));
        expect(cells).toMatchObject({ id: event.id, requesterName: name, reason, allowed: 'true', port: '' });
        expect(lines[1]).toHaveLength(header.length);
      }),
    );
  });

  it.each(['=cmd()', '+1', '-1', '@x', ' =1', '\t=1', '\r=1', '\n=1', '＝1', '|calc'])(
    'gives a spreadsheet nothing to compute: %j',
    (name) => {
      const event = sampleEvent({ requester: { ...requesterOf('alice'), name } });
      expect(readCsv(toCsv([event])).flat()).toContain(`'${name}`);
    },
  );
});

describe('the export as NDJSON', () => {
  it('is one line of canonical JSON an event', () => {
    const events = [sampleEvent({ reason: 'two\nlines' }), sampleEvent()];
    const lines = toNdjson(events).split('\n');
    expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as object)))).toEqual([...events, '']);
    expect(lines[0]!.startsWith('{"action":"requested","checkId":')).toBe(true);
  });
});
