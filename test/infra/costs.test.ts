import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resourceNames } from '../../src/triggers.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const operations = read('docs/operations.md');
const POLLS = 7;
/** Of the Functions host at each step: to receive the message and to remove it. */
const HOST = 2;

describe('what docs/operations.md says it costs', () => {
  it('is made of the operations on storage that were counted', () => {
    const [, counted = ''] = /^### What the audit costs a check\n([^]*)/m.exec(read('docs/performance.md')) ?? [];
    const rows = [...counted.matchAll(/^\| (.+?) \|.*\| (\d+) \|$/gm)].map(([, what = '', count]) => [
      what,
      Number(count),
    ]);
    const of = (what: string): number => Number(new Map(rows as [string, number][]).get(what));
    const atOnce = of('a check that Azure Resource Manager answers at once') - of('to submit it');
    const polls = (POLLS - 1) * (of('a poll') + HOST) + of('the last poll, with the result') + HOST;
    const parts = [of('to submit it'), of('the step that begins an operation') + HOST, polls];
    const told = [...operations.matchAll(/^\| storage operations (?:to|of) .* \| (\d+) \|$/gm)];
    expect(told.map(([, count]) => Number(count))).toEqual(parts);
    expect(told[1]?.[0]).toContain(`and has ${atOnce} and ${HOST} |`);
    const millions = parts.reduce((sum, count) => sum + count) / 10;
    const [, low, high] = /, and ([\d.]+)–([\d.]+) million reads/.exec(operations) ?? [];
    const dollars = [low, high].map((reads) => ((millions + Number(reads)) * 0.04).toFixed(2));
    expect(operations).toContain(
      `| storage | (${parts.join(' + ')}) × 100,000 = ${millions} million, and ${low ?? ''}–${high ?? ''} million reads | ${dollars.join('–')} |`,
    );
  });

  it('counts the looks at idle queues, as often as host.json says', () => {
    const seconds = Number(/"maxPollingInterval": "00:00:(\d\d\.\d+)"/.exec(read('host.json'))?.[1]);
    // The queue of chats has a function only where a chat is set up.
    const queues = Object.keys(resourceNames).filter((name) => /queue/i.test(name) && name !== 'chatsQueue');
    const day = (queues.length * 86_400) / seconds;
    const month = (day * 30) / 1e6;
    expect(operations).toContain(
      `polling of three idle queues every ${seconds} s (${day.toLocaleString('en')} operations a day and ${month.toFixed(1)} million a month, ${(month * 0.04).toFixed(2)}, for each instance`,
    );
  });

  it('counts every alert rule', () => {
    const rules = read('infra/alerts.bicep').match(/loadTextContent\(/g)?.length ?? 0;
    const words = ['seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
    const costs = [0.5, 1.5].map((price) => (price * rules).toFixed(2)).join('–');
    expect(operations).toContain(`${words[rules - 7] ?? ''} alert rules (${costs})`);
  });
});
