import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/client/answers.ts';
import { fieldsOfLine, lineOfFields, noFields } from '../../src/page/views/ask/faces.ts';
import { readAsked } from '../../src/page/views/ask/read-asked.ts';
import { completeLine, type Known, wordAt } from '../../src/page/views/ask/known/suggestions.ts';

const word = fc.stringMatching(/^[a-z][a-z\d-]{0,8}[a-z\d]$/).filter((each) => each !== 'because');
const destination = fc.oneof(
  word,
  fc.ipV4(),
  fc.ipV6(),
  word.map((name) => `https://${name}.example.com/x`),
);
const fields = fc.record({
  source: word,
  destination,
  port: fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 65_535 }).map(String)),
  protocol: fc.constantFrom('', 'tcp', 'icmp', 'http', 'https'),
  reason: fc.oneof(fc.constant(''), word),
});

describe('the two faces of a question', () => {
  it('mean the same: a line made of fields is read as they are', () => {
    fc.assert(
      fc.property(fields, (written) => {
        const isUri = written.destination.startsWith('https:');
        const given = isUri ? { ...written, port: '' } : written;
        const one = readAsked({ face: 'fields', fields: given }, []);
        const other = readAsked({ face: 'line', line: lineOfFields(given) }, []);
        fc.pre(one.kind === 'check');
        expect(other).toEqual(one);
      }),
    );
  });

  it('keep every word of a line that is not finished', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.boolean(), (words, isPort) => {
        const line = `${words.join(' ')}${isPort ? ':14x' : ''}`;
        const told = fieldsOfLine(line);
        fc.pre(JSON.stringify(told) !== JSON.stringify(noFields));
        const text = lineOfFields(told);
        for (const each of words) expect(text).toContain(each);
      }),
    );
  });
});

describe('suggestions', () => {
  const source: Source = {
    ...{ name: 'web-01', kind: 'virtualMachine', resourceGroup: 'rg', subscription: 'a', region: 'westeurope' },
    ...{ state: 'stopped', agent: 'absent', watcher: 'present', resourceId: '/subscriptions/a/web-01' },
  };
  const known: Known = {
    endpoints: [{ name: 'sql-01', address: '10.1.2.4', port: 1433 }],
    sources: [
      source,
      { ...source, name: 'twin', resourceId: '/subscriptions/a/twin' },
      { ...source, name: 'twin', resourceId: '/subscriptions/b/twin' },
    ],
    asked: ['web-01 sql-01'],
    sets: ['shop'],
  };
  const values = (line: string) => completeLine(line, known).map(({ value }) => value);

  it('complete the word at the end, for what it stands for', () => {
    expect(values('we')).toEqual(['web-01 ', 'web-01 sql-01']);
    expect(values('web-01 s')).toEqual(['web-01 sql-01']);
    expect(values('flow web-01 sq')).toEqual(['flow web-01 sql-01']);
    expect(values('set run s')).toEqual(['set run shop']);
    expect(values('web-01 sql-01 because we')).toEqual([]);
    expect(values('show 3f')).toEqual([]);
  });

  it('offer no address as a source, and tell the state', () => {
    expect(values('sq')).toEqual(['web-01 sql-01']);
    expect(completeLine('we', known)[0]?.detail).toBe('stopped, no agent, rg, westeurope');
  });

  it('name one of two machines of a name by its resource id', () => {
    expect(values('tw')).toEqual(['/subscriptions/a/twin ', '/subscriptions/b/twin ']);
  });

  it('know where a word stands', () => {
    expect(wordAt('flow a ')).toEqual({ before: 'flow a ', word: '', place: 'destination' });
    expect(wordAt('cancel ').place).toBe('none');
  });
});
