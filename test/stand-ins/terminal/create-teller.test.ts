import { describe, expect, test } from 'vitest';
import type { Answered } from '../../../stand-ins/host/http/answer-by-function.ts';
import { createTeller } from '../../../stand-ins/terminal/create-teller.ts';
import { printable, printableJson } from '../../../stand-ins/terminal/printable.ts';

function start() {
  const lines: string[] = [];
  const warnings: string[] = [];
  const due: (() => void)[] = [];
  let time = new Date(2026, 10, 26, 10, 2, 11).getTime();
  const teller = createTeller({
    print: (line) => lines.push(line),
    warn: (line) => warnings.push(line),
    now: () => new Date(time),
    later: (_, then) => due.push(then),
  });
  const log = (line: object, level: 'information' | 'warning' | 'error' = 'information') => {
    teller.logged({ level, message: JSON.stringify(line) });
  };
  return {
    ...{ teller, lines, warnings, log },
    advance: (seconds: number) => (time += seconds * 1000),
    end: (more: object) => {
      log({ message: 'check ended', checkId: 'c1', secondsWaited: 1.2, secondsRun: 2.9, ...more });
    },
    patienceEnds: () => {
      for (const then of due.splice(0)) then();
    },
  };
}

const web = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-01';
const request = { source: { resourceId: web }, destination: { address: '10.1.2.4', port: 1433 }, protocol: 'Tcp' };
const token = (name: string) => `Bearer x.${Buffer.from(JSON.stringify({ name })).toString('base64url')}.y`;

const submitted = (more: Partial<Answered> = {}): Answered => ({
  method: 'POST',
  url: new URL('http://127.0.0.1/api/checks'),
  authorization: token('alice'),
  requestBody: JSON.stringify(request),
  status: 202,
  body: JSON.stringify({ id: 'c1', requester: { name: 'alice' }, request }),
  ...more,
});
const refused = (
  more: Partial<Answered> = {},
  error: object = { code: 'PolicyRefused', message: 'Rule "x" denies it.' },
) => submitted({ status: 403, body: JSON.stringify({ error }), ...more });

describe('a check', () => {
  test('has one line, when it ends', () => {
    const { teller, lines, end } = start();
    teller.answered(submitted());
    teller.answered(submitted({ method: 'GET', status: 200 }));
    expect(lines).toEqual([]);
    end({ status: 'Succeeded', reachability: 'Reachable' });
    expect(lines).toEqual(['10:02:11  alice     web-01 → 10.1.2.4:1433 Tcp        Reachable (4 s)']);
  });

  test('whose answer was held has its line when the answer is there, with the time of its end', () => {
    const { teller, lines, end, advance, patienceEnds } = start();
    end({ status: 'Failed', code: 'DeadlineExceeded', secondsRun: 600 });
    advance(1);
    expect(lines).toEqual([]);
    teller.answered(submitted({ status: 200 }));
    patienceEnds();
    expect(lines).toEqual(['10:02:11  alice     web-01 → 10.1.2.4:1433 Tcp        Failed: DeadlineExceeded (601 s)']);
  });

  test('of which nothing was heard, as after a restart, has a line with its id', () => {
    const { lines, end, patienceEnds } = start();
    end({ status: 'Canceled' });
    patienceEnds();
    expect(lines).toEqual([expect.stringMatching(/^10:02:11 +check c1 +Canceled \(4 s\)$/)]);
  });
});

describe('a refusal', () => {
  test('has one line: who, what, why', () => {
    const { teller, lines } = start();
    teller.answered(refused());
    expect(lines).toEqual([
      '10:02:11  alice     web-01 → 10.1.2.4:1433 Tcp        refused (PolicyRefused): Rule "x" denies it.',
    ]);
  });

  test('of a request that is not usable tells each fault', () => {
    const { teller, lines } = start();
    const details = [{ message: 'Give a port.' }, { message: 'Give a source.' }];
    teller.answered(refused({ status: 400, requestBody: '[1' }, { code: 'InvalidRequest', message: 'x', details }));
    expect(lines).toEqual([
      expect.stringMatching(/ alice +a check +refused \(InvalidRequest\): Give a port\. Give a source\.$/),
    ]);
  });

  test('of somebody unknown believes no token', () => {
    const { teller, lines } = start();
    teller.answered(refused({ status: 401, body: '' }));
    expect(lines).toEqual([expect.stringMatching(/ somebody .*refused \(401\)/)]);
  });

  test('of another call than a submit has none', () => {
    const { teller, lines } = start();
    teller.answered(refused({ method: 'GET' }));
    teller.answered(refused({ url: new URL('http://127.0.0.1/api/checks/x') }));
    expect(lines).toEqual([]);
  });
});

describe('foreign text', () => {
  test('never steers the terminal, wherever it stands', () => {
    const evil = '\u001b]0;x\u0007\u009b31m\u202e\r\n';
    const { teller, lines, warnings, end, log } = start();
    const body = { source: { endpoint: evil }, destination: { address: evil }, protocol: evil };
    teller.answered(submitted({ body: JSON.stringify({ id: 'c1', requester: { name: evil }, request: body }) }));
    end({ status: 'Succeeded', reachability: evil });
    teller.answered(
      refused({ authorization: token(evil), requestBody: JSON.stringify(body) }, { code: evil, message: evil }),
    );
    log({ message: evil, cause: evil }, 'error');
    expect([lines.length, warnings.length]).toEqual([2, 1]);
    for (const line of [...lines, ...warnings]) {
      expect(line).not.toMatch(/\p{C}|\p{Zl}|\p{Zp}/u);
      expect(line).toContain('\\u{1b}]0;x\\u{7}\\u{9b}31m');
    }
  });

  test('is cut where it is long', () => {
    expect(printable('x'.repeat(5000), 10)).toBe('xxxxxxxxx…');
  });

  test('is the same JSON in the log, without what steers', () => {
    const value = { text: '\u001b\u009b\u202e\u2028 ü 🛠 \u{e0001}' };
    expect(printableJson(value)).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
    expect(JSON.parse(printableJson(value))).toEqual(value);
  });
});

describe('what is wrong', () => {
  test('has a line, the same one once a minute', () => {
    const { teller, warnings, log, advance } = start();
    log({ message: 'A step will be tried again.', cause: 'Error: no' }, 'warning');
    log({ message: 'A step will be tried again.', cause: 'Error: no', checkId: 'other' }, 'warning');
    log({ message: 'queue' });
    teller.logged({ level: 'error', message: "Executed 'work' (Failed)", error: 'Error: x\n  at y' });
    advance(61);
    log({ message: 'A step will be tried again.', cause: 'Error: no' }, 'warning');
    expect(warnings).toEqual([
      '10:02:11  warning  A step will be tried again. Error: no',
      "10:02:11  error  Executed 'work' (Failed) Error: x",
      '10:03:12  warning  A step will be tried again. Error: no',
    ]);
  });
});
