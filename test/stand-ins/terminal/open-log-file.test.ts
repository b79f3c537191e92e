import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from '../../../stand-ins/terminal/open-log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const now = new Date('2026-11-26T10:02:11Z');

test('lines are in the file at once, which only its owner reads', () => {
  const file = openLogFile(join(folder, 'log'), now);
  file.write('one');
  file.write('two');
  expect(readFileSync(file.path, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
});

test('a run keeps its newest lines, and no more than twice the bound', () => {
  const file = openLogFile(folder, now, 100);
  for (let n = 0; n < 1000; n += 1) file.write(`line ${n}`);
  const kept = `${readFileSync(`${file.path}.1`, 'utf8')}${readFileSync(file.path, 'utf8')}`;
  expect(kept.endsWith('line 998\nline 999\n')).toBe(true);
  expect(kept.length).toBeLessThanOrEqual(200);
});

test('the oldest runs are deleted, and nothing else', () => {
  for (let n = 10; n < 40; n += 1) writeFileSync(join(folder, `2026-10-${n}.log`), '');
  writeFileSync(join(folder, 'notes.txt'), '');
  openLogFile(folder, now);
  const names = readdirSync(folder).toSorted();
  expect(names).toHaveLength(22);
  expect(names[0]).toBe('2026-10-20.log');
  expect(names).toContain('notes.txt');
});
