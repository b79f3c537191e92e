import { InvocationContext } from '@azure/functions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/contract/problem.ts';
import { poisonMessage } from '../../src/jobs/poison-message.ts';
import { sweepChecks } from '../../src/jobs/sweep-checks.ts';
import { work } from '../../src/jobs/work.ts';
import { memoryApp } from '../http/memory-app.ts';
import { accepted, done, operationUrlOf } from '../support/memory/memory-proxy.ts';

function contextOf() {
  const lines: { level: string; [member: string]: unknown }[] = [];
  const context = new InvocationContext({
    triggerMetadata: { id: 'message-1' },
    logHandler: (level, text) => lines.push({ level, ...(JSON.parse(String(text)) as object) }),
  });
  return { context, lines };
}

describe('the worker', () => {
  it('takes one step for the check that a message names, as an object or as text', async () => {
    for (const form of [(message: object) => message, JSON.stringify]) {
      const app = memoryApp();
      const { json } = await app.submit();
      const { context, lines } = contextOf();
      await work(app.deps)(form({ checkId: json.id.toUpperCase() }), context);
      expect(lines.map(({ message }) => message)).toEqual(['arm', 'check ended', 'step']);
      expect(lines.at(-1)).toEqual({ level: 'information', message: 'step', checkId: json.id, outcome: 'Succeeded' });
      expect(app.actions()).toEqual(['requested', 'started', 'finished']);
    }
  });

  it('polls an operation once for two messages at once, and always at its newest URL', async () => {
    const at = (n: number) => ({ ...accepted, operationUrl: operationUrlOf(n), afterSeconds: 10 });
    const app = memoryApp({ begin: [at(1)], poll: [at(2), done] });
    const { json } = await app.submit();
    await app.work();
    const twice = async () => {
      app.queue.sent.length = 0;
      app.advance(10);
      const { context, lines } = contextOf();
      const handler = work(app.deps);
      await Promise.all([handler({ checkId: json.id }, context), handler({ checkId: json.id }, context)]);
      return lines.flatMap(({ outcome, message }) => (message === 'step' ? [outcome] : []));
    };
    expect(await twice()).toEqual(['running', 'early']);
    expect(app.queue.sent).toEqual([{ checkId: json.id, delaySeconds: 10 }]);
    expect(await twice()).toEqual(['Succeeded', 'over']);
    const polls = app.calls.filter(({ kind }) => kind === 'poll').map(({ url }) => url);
    expect(polls).toEqual([operationUrlOf(1), operationUrlOf(2)]);
  });

  it('drops what names no check with a log line, and believes nothing else in a message', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const checkId = json.id;
    const garbage: unknown[] = [
      ...[
        '',
        'x',
        '{',
        'null',
        '[]',
        '"x"',
        checkId,
        'x'.repeat(60_000),
        { checkId: 'x' },
        { checkid: checkId },
        {},
        null,
        7,
      ],
      ...[{ checkId, status: 'Succeeded' }, { checkId, operationUrl: 'https://evil.example' }, { checkId: [checkId] }],
    ];
    for (const message of garbage) {
      for (const handler of [work(app.deps), poisonMessage(app.deps)]) {
        const { context, lines } = contextOf();
        await handler(message, context);
        expect(lines).toEqual([
          { level: 'warning', message: expect.stringMatching(/dropped/), messageId: 'message-1' },
        ]);
      }
    }
    expect(app.calls).toEqual([]);
    expect(app.store.rows()[0]?.status).toBe('NotStarted');
  });

  it('does nothing for any message but one that names a check of ours', async () => {
    const app = memoryApp();
    await app.submit();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.uuid().map((checkId) => ({ checkId })),
          fc.string(),
        ),
        async (message) => {
          await work(app.deps)(message, contextOf().context);
          await poisonMessage(app.deps)(message, contextOf().context);
        },
      ),
    );
    expect(app.actions()).toEqual(['requested']);
    expect(app.calls).toEqual([]);
  });

  it.each(['StorageUnavailable', 'AuditUnavailable'] as const)(
    'sends a step that met %s again in 10–20 s, so that the queue’s attempts are left for crashes',
    async (code) => {
      const store = { find: () => Promise.reject(new Problem(code, 'down', { cause: new Error('why') })) };
      const app = memoryApp({}, {}, (proxy) => ({ store: { ...proxy.store, ...store } }));
      const { context, lines } = contextOf();
      const checkId = '00000000-0000-4000-8000-00000000ffff';
      await work({ ...app.deps, store: { ...app.store, ...store } })({ checkId }, context);
      expect(app.queue.sent).toEqual([{ checkId, delaySeconds: 15 }]);
      expect(lines).toEqual([
        {
          level: 'warning',
          message: 'A step will be tried again.',
          checkId,
          code,
          cause: 'Problem: down < Error: why',
        },
      ]);
    },
  );

  it('lets any other breakdown go to the host, which counts it', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const store = { ...app.store, find: () => Promise.reject(new TypeError('a fault of ours')) };
    await expect(work({ ...app.deps, store })({ checkId: json.id }, contextOf().context)).rejects.toThrow(TypeError);
  });
});

describe('the poison queue', () => {
  it('ends the check that the host gave up, once', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    app.advance(91);
    for (const ended of [true, false]) {
      const { context, lines } = contextOf();
      await poisonMessage(app.deps)({ checkId: json.id }, context);
      expect(lines.at(-1)).toEqual({ level: 'error', message: 'A message was poisonous.', checkId: json.id, ended });
      expect(lines.filter(({ message }) => message === 'check ended')).toHaveLength(ended ? 1 : 0);
    }
    expect(app.store.rows()[0]).toMatchObject({ status: 'Failed', error: { code: 'Poisoned' } });
    expect(app.actions()).toEqual(['requested', 'failed']);
  });
});

describe('the sweeper', () => {
  it('queues again what is overdue, tells of each, and is silent where there is nothing', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    app.queue.sent.length = 0;
    const sweep = sweepChecks({ ...app.deps, overdue: app.store });
    const timer = {} as Parameters<typeof sweep>[0];
    const early = contextOf();
    await sweep(timer, early.context);
    app.advance(31);
    const late = contextOf();
    await sweep(timer, late.context);
    expect(app.queue.sent).toEqual([{ checkId: json.id, delaySeconds: 0 }]);
    expect([early.lines, late.lines]).toEqual([
      [],
      [{ level: 'warning', message: 'An overdue check was queued again.', checkId: json.id }],
    ]);
  });
});
