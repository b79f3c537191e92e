import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashedTextOf } from '../../src/audit/export/hashed-text-of.ts';
import { toCsv } from '../../src/audit/export/to-csv.ts';
import { toNdjson } from '../../src/audit/export/to-ndjson.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { requesterOf, sampleEvent } from '../support/azurite-audit.ts';

/** Reads RFC 4180, and other separators, as spreadsheets do: what follows a closing quote belongs to the cell, too. */
function readCsv(text: string, separator = ','): string[][] {
  const rows: string[][] = [];
  const row: string[] = [];
  const pattern = new RegExp(`(?:"((?:[^"]|"")*)"?)?([^${separator}\r\n]*)(${separator}|\r\n|\r|\n|$)`, 'gy');
  for (const [whole, quoted, plain = '', end] of text.matchAll(pattern)) {
    if (whole === '' && row.length === 0) break;
    row.push((quoted?.replaceAll('""', '"') ?? '') + plain);
    if (end !== separator) rows.push(row.splice(0));
  }
  return rows;
}

/** As docs/api.md says that guards and escapes are taken away. */
const undone = (cell: string): string =>
  cell
    .replace(/^'/, '')
    .replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const withTexts = (name: string, reason?: string) =>
  sampleEvent({ requester: { ...requesterOf('alice'), name }, reason });
const computed = /^\s*[=+\-@|＝＋－＠]/;
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\p{Cs}]/u;
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...Array.from(`=+-@|＝'";,\t\r\n \u00a0\\u0a1\u202e\u009b\ud800x`)) }),
  fc.constantFrom("ok;=cmd|' /C calc'!A0", 'a\t=1+1', 'a\n=1+1', 'a\r=1', 'x;"=1', 'x; =1', '\\u202e', '\\\\u005c', ''),
);

describe('the export as CSV', () => {
  it('has a byte order mark, a header, and a line for each event, of which every cell can be read back to the letter', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, reason) => {
        const event = withTexts(name, reason);
        const text = toCsv([event, event]);
        expect(text.startsWith('\ufeffid,time,action,')).toBe(true);
        const [header = [], ...lines] = readCsv(text.slice(1));
        expect(lines).toHaveLength(2);
        expect(lines[1]).toHaveLength(header.length);
        const cells = Object.fromEntries(header.map((column, i) => [column, undone(lines[1]![i]!)]));
        expect(cells).toMatchObject({ id: event.id, requesterName: name, reason, allowed: 'true', port: '' });
      }),
    );
  });

  it('changes no text that computes nothing and hides nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zäß0-9][a-zäß0-9 ,.=+@|"'\\-]*$/), (name) => {
        expect(readCsv(toCsv([withTexts(name)]))[1]).toContain(name);
      }),
    );
  });

  it.each([',', ';', '\t'])('gives a spreadsheet that separates by %j nothing to compute', (separator) => {
    fc.assert(
      fc.property(hostile, hostile, (name, reason) => {
        const cells = readCsv(toCsv([withTexts(name, reason)]), separator).flat();
        expect(cells.filter((cell) => computed.test(cell))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['=cmd()', "'=cmd()"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['|calc', "'|calc"],
    ['\t=1', "'\t\\u003d1"],
    ['\nx', "'\nx"],
    ["ok;=cmd|' /C calc'!A0", "ok;\\u003dcmd|' /C calc'!A0"],
    ['a\t=1+1\n -2', 'a\t\\u003d1+1\n \\u002d2'],
    ['x;"=1"', 'x;\\u0022=1"'],
    ['x;"\'=1"', 'x;\\u0022\'=1"'],
    ["x;'=1", "x;'=1"],
    ["'=1", "''=1"],
    ["'quoted'", "''quoted'"],
    ['a=1; b', 'a=1; b'],
  ])('writes %j as %j', (name, cell) => {
    expect(readCsv(toCsv([withTexts(name)])).flat()).toContain(cell);
  });

  it('shows what a terminal would obey and what would reverse the text', () => {
    const name = 'a\u009b2J\u001b[1mb\u202ec\u2028d\ud800';
    expect(readCsv(toCsv([withTexts(name)])).flat()).toContain('a\\u009b2J\\u001b[1mb\\u202ec\\u2028d\\ud800');
    fc.assert(
      fc.property(hostile, (text) => {
        expect(toCsv([withTexts(text)]).replaceAll(/[\t\r\n]/g, '')).not.toMatch(hidden);
      }),
    );
  });
});

describe('the export as NDJSON', () => {
  it('is one line of canonical JSON an event', () => {
    const events = [sampleEvent({ reason: 'two\nlines' }), sampleEvent()];
    const lines = toNdjson(events).split('\n');
    expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as object)))).toEqual([...events, '']);
    expect(lines[0]!.startsWith('{"action":"requested","checkId":')).toBe(true);
  });

  it('hides nothing, is the same JSON, and gives back the very text whose hash the checkpoints list', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, reason) => {
        const event = withTexts(name, reason);
        const line = toNdjson([event]).replace(/\n$/, '');
        expect(line).not.toMatch(hidden);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(event)));
        expect(hashedTextOf(line)).toBe(canonicalJson(event));
        expect(hashedTextOf(canonicalJson(event))).toBe(canonicalJson(event));
      }),
      { numRuns: 500 },
    );
  });

  it('has another text where a line was changed, however it is escaped', () => {
    const line = toNdjson([withTexts('a\u202eb')]).trim();
    for (const changed of [line.replace('\\u202e', '\\u202E'), line.replace('\\u202e', '\\u0062'), ` ${line}`])
      expect(hashedTextOf(changed)).not.toBe(hashedTextOf(line));
  });
});
