import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/check/state/check.ts';
import { armRules } from '../../../src/check/state/retry-rules.ts';
import { canceled, failed, postponed, running } from '../../../src/check/state/transition.ts';
import { viewOf } from '../../../src/check/state/view-of.ts';
import { problemCodes } from '../../../src/contract/problem.ts';
import { memoryProxy } from '../../support/memory/memory-proxy.ts';
import { expectSound } from '../../support/verdict/expect-sound.ts';
import { sampleCheck } from '../../support/samples.ts';

const { deps } = memoryProxy();
const waiting = sampleCheck();
const later = new Date('2026-03-01T10:02:11.345Z');
const started = running(later, waiting, 'https://arm.example/op/1');
const busy = { kind: 'retry', failure: { code: 'AzureRefused', message: 'Azure is throttling.' } } as const;
const verdictOf = (check: Check) => viewOf(check).verdict;

describe('What is said of a check', () => {
  it.each<[string, Check, string]>([
    [
      'that waits',
      waiting,
      'The check whether web-01 can reach 10.1.2.4 on TCP port 1433 was accepted at 10:00:00 UTC on 2026-03-01 and waits for Azure to take it.',
    ],
    [
      'that waits after trouble',
      postponed(waiting, busy),
      'The check whether web-01 can reach 10.1.2.4 on TCP port 1433 was accepted at 10:00:00 UTC on 2026-03-01 and waits for Azure to take it; the last try to go on ended so: Azure is throttling.',
    ],
    [
      'that runs',
      started,
      'Azure accepted the check whether web-01 can reach 10.1.2.4 on TCP port 1433 at 10:02:11 UTC on 2026-03-01 and is probing, which usually takes 60–90 s.',
    ],
    [
      'that was canceled',
      canceled({ ...deps, now: () => later }, started, { requester: waiting.caller.requester, ...waiting.origin }),
      'The check whether web-01 can reach 10.1.2.4 on TCP port 1433 was canceled at 10:02:11 UTC on 2026-03-01, so there is no result.',
    ],
  ])('%s is one sentence without reasons', (_, check, summary) => {
    expect(verdictOf(check)).toEqual({ summary, reasons: [] });
    expectSound(verdictOf(check), check.request);
  });

  it('tells of a pause, with its reason, where a check is open', () => {
    const summaryOf = (check: Check, reason?: string) =>
      viewOf(check, undefined, reason === undefined ? {} : { reason }).verdict.summary;
    expect(summaryOf(waiting)).toMatch(
      /takes? it; the operators have paused this proxy, and the check goes on when they end the pause\.$/,
    );
    expect(summaryOf(started, 'Azure has an outage.')).toContain('paused this proxy (Azure has an outage), and');
    const over = failed(deps, started, { code: 'AzureFailed', message: 'It is broken.' });
    expect(summaryOf(over)).toBe(verdictOf(over).summary);
  });

  it.each(problemCodes)('that failed with %s names cause, owner and action', (code) => {
    const verdict = verdictOf(failed(deps, started, { code, message: 'It is broken.' }));
    expect(verdict.summary).toMatch(/^It could not be found out whether web-01 can reach .*: It is broken; \S.*\.$/);
    expect(verdict.reasons).toMatchObject([{ code, message: 'It is broken.' }]);
    expect(verdict.reasons[0]?.action).toMatch(/\.$/);
    expect(verdict).not.toHaveProperty('reachability');
    expectSound(verdict, started.request);
  });

  it.each(armRules)(
    'that failed by the rule "$when $armCode" says the cause once, and the action to whom it is for',
    (rule) => {
      const { code, message, action, owner } = rule;
      const check = failed(deps, waiting, { code, message, advice: { action, owner } });
      expect(verdictOf(check).reasons).toEqual([{ code, message, action, owner }]);
      const { error } = viewOf(check);
      expect(error?.message.startsWith(`${message} `)).toBe(true);
      expect(error?.message.includes(`For the ${owner}: `)).toBe(owner !== 'requester');
    },
  );
});
