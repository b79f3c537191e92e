import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { HttpRequest } from '@azure/functions';
import { submit } from '../../src/check/submit.ts';
import { Problem, problemCodes } from '../../src/contract/problem.ts';
import { poisonMessage } from '../../src/jobs/poison-message.ts';
import { cancelCheck } from '../../src/http/checks/cancel-check.ts';
import { httpDoor } from '../../src/http/http-door.ts';
import { sealAudit } from '../../src/jobs/seal-audit.ts';
import { sweepChecks } from '../../src/jobs/sweep-checks.ts';
import { reportVerification } from '../../src/log/report-verification.ts';
import { logOf } from '../../src/log/log.ts';
import { verifyLastDays } from '../../src/jobs/verify-last-days.ts';
import { work } from '../../src/jobs/work.ts';
import { resourceNames } from '../../src/triggers.ts';
import { azuriteAudit, sampleEvent } from '../support/azurite-audit.ts';
import { linesOf, type LoggedLine } from '../support/log-lines.ts';
import { memoryProxy, sampleSubmission, uuidOf } from '../support/memory/memory-proxy.ts';
import { sampleCaller } from '../support/samples.ts';

const folder = new URL('../../infra/queries/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.kql'));
const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

/** One line of every kind that the app logs, from the app. */
async function everyLine(): Promise<LoggedLine[]> {
  const { context, lines } = linesOf();
  const down = { append: () => Promise.reject(new Problem('AuditUnavailable', 'down')) };
  for (const trouble of [{}, down]) {
    for (const failure of [undefined, { code: 'AzureRefused', message: 'no' } as const]) {
      const proxy = memoryProxy(failure ? { begin: [{ kind: 'failed', failure, arm: { status: 403 } }] } : {});
      const { check } = await submit(proxy.deps, ...sampleSubmission());
      await work({ ...proxy.deps, audit: { ...proxy.deps.audit, ...trouble } })({ checkId: check.id }, context);
      await poisonMessage(proxy.deps)({ checkId: check.id }, context);
    }
  }
  const { deps, store, advance } = memoryProxy();
  const { check } = await submit(deps, ...sampleSubmission());
  const broken = { ...deps.watcher, find: () => Promise.reject(new TypeError('no reason')) };
  await expect(work({ ...deps, watcher: broken })({ checkId: check.id }, context)).rejects.toThrow('no reason');
  advance(3600);
  const backlogs = Object.fromEntries(
    [resourceNames.queue, resourceNames.poisonQueue].map((queue) => [
      queue,
      () => Promise.resolve({ messages: 1, oldestSeconds: 1 }),
    ]),
  );
  await sweepChecks({ ...deps, overdue: store, backlogs })({} as never, context);
  const request = new HttpRequest({ method: 'DELETE', url: 'https://proxy.example/api', params: { id: uuidOf('x') } });
  await cancelCheck({ ...deps, door: httpDoor(() => Promise.resolve(sampleCaller())) })(request, context);
  const audit = azuriteAudit();
  await audit.log.append({ sequence: 1, event: sampleEvent() });
  const timer = {} as Parameters<ReturnType<typeof sealAudit>>[0];
  await sealAudit({ ...deps, ...audit, audit: audit.log })(timer, context);
  const sealState = { ...audit.sealState, ...{ head: () => Promise.reject(new Problem('AuditUnavailable', 'down')) } };
  await expect(sealAudit({ ...deps, ...audit, audit: audit.log, sealState })(timer, context)).rejects.toThrow('down');
  await verifyLastDays(audit)(timer, context);
  const between = () => {
    throw new Problem('InvalidRequest', 'too many');
  };
  await verifyLastDays({ ...audit, auditRows: { ...audit.auditRows, between } })(timer, context);
  return lines;
}

describe('the queries of alerts and workbook', () => {
  let lines: LoggedLine[];
  beforeAll(async () => {
    lines = await everyLine();
  });

  it('are all used', () => {
    const used = ['alerts', 'workbook'].map((name) => readFileSync(new URL(`../${name}.bicep`, folder), 'utf8')).join();
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !used.includes(`loadTextContent('queries/${file}')`))).toEqual([]);
    const tiles = used.matchAll(/name: '([\w-]+)'[,\s]+title: .*?loadTextContent\('queries\/([\w-]+)\.kql'\)/gs);
    for (const [, name, file] of tiles) expect(name).toBe(file);
  });

  it('are all explained in docs/operations.md', () => {
    const text = readFileSync(new URL('../../docs/operations.md', folder), 'utf8');
    const [, section = ''] = /^## Metrics\n([^]*?)^## /m.exec(text) ?? [];
    const explained = [...section.matchAll(/^\| .* \| `([\w-]+)` \|$/gm)].map(([, name = '']) => `${name}.kql`);
    expect(explained.toSorted()).toEqual(files.toSorted());
  });

  it.each(files)('%s asks for lines and fields that the app logs', (file) => {
    const text = textOf(file);
    const single = [...text.matchAll(/line\.message == '([^']+)'/g)].map((found) => found[1]);
    const listed = [...text.matchAll(/line\.message in \(([^)]+)\)/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/'([^']+)'/g)].map((found) => found[1]),
    );
    const messages = [...single, ...listed];
    const meant = lines.filter(({ message }) => messages.length === 0 || messages.includes(message));
    const fields = [...text.matchAll(/line\.(\w+)/g)].map((found) => found[1] ?? '');
    expect(fields.length).toBeGreaterThan(0);
    expect(messages.filter((message) => !lines.some((line) => line.message === message))).toEqual([]);
    expect(fields.filter((field) => !meant.some((line) => field in line))).toEqual([]);
  });

  it('take a verification that somebody asked for as none of the night', () => {
    const { context, lines: asked } = linesOf();
    reportVerification(logOf(context), { valid: true, events: 1, pending: 0, faults: [], gaps: [] });
    const nightly = lines.filter(({ message }) => /^audit (?:not )?verified$/.test(message));
    expect(new Set(nightly.map(({ message }) => message)).size).toBe(2);
    expect([...nightly, ...asked].map(({ day }) => typeof day)).toEqual([...nightly.map(() => 'string'), 'undefined']);
    const query = textOf('alert-unverified.kql');
    for (const { message } of nightly) expect(query).toContain(`line.message == '${message}'`);
    // The sweeper's lines tell how long the app has been there: a new one has had no night yet.
    expect(query).toContain("line.message == 'queue' or");
    expect(query).toContain("days = countif(line.message != 'queue' and isnotempty(tostring(line.day)))");
    expect(query).toMatch(/since = min\(TimeGenerated\).*\n.* and since < ago\(36h\)\n$/);
  });

  it.each(files)('%s compares with words that exist', (file) => {
    const words: Readonly<Record<string, readonly unknown[]>> = {
      code: problemCodes,
      queue: [resourceNames.queue, resourceNames.poisonQueue, resourceNames.noticesPoison],
      status: ['NotStarted', 'Running', 'Succeeded', 'Failed', 'Canceled'],
    };
    for (const [, field = '', word] of textOf(file).matchAll(/line\.(code|queue|status) [!=]= '([^']+)'/g))
      expect(words[field]).toContain(word);
    for (const [, field = '', list = ''] of textOf(file).matchAll(/line\.(code|queue|status) in \(([^)]+)\)/g))
      for (const [, word] of list.matchAll(/'([^']+)'/g)) expect(words[field]).toContain(word);
  });
});
