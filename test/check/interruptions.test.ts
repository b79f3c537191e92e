import fc from 'fast-check';
import { describe, expect, it, inject } from 'vitest';
import type { Answer } from '../../src/check/ports/network-watcher.ts';
import { type Interruption, type Kind, live, type Story } from '../support/memory/life.ts';
import { accepted, done, policyOf } from '../support/memory/memory-proxy.ts';
import { numRuns } from '../support/run/num-runs.ts';

const failure = { code: 'AzureFailed', message: 'busy' } as const;
const busy: Answer = { kind: 'retry', afterSeconds: 17, failure, arm: { status: 429 } };
const refused: Answer = {
  kind: 'failed',
  failure: { code: 'AzureRefused', message: 'no right' },
  arm: { status: 403 },
};
const hops = [{ type: 'Source' }, { type: 'VirtualNetwork', address: '10.99.1.1' }];
const path = JSON.stringify({ hops, connectionStatus: 'Reachable', probesSent: 1 });
const policy = policyOf([
  { id: 'all', effect: 'allow' },
  { id: 'closed', effect: 'deny', destinations: ['10.99.0.0/16'] },
]);
const polled = { begin: [accepted], poll: [accepted, done] };

const told = {
  callback: 'https://hooks.example.com/ended?token=secret',
  policy: policyOf([{ id: 'all', effect: 'allow' }], {}, { callbacks: ['https://hooks.example.com/**'] }),
};

const stories: Readonly<Record<string, Story>> = {
  'that Azure answers at once': { acts: ['submit', 'work'], ends: ['Succeeded'] },
  'that is polled': { acts: ['submit until accepted', 'work'], script: polled, ends: ['Succeeded'] },
  'that Azure puts off': { acts: ['submit', 'work'], script: { begin: [busy, done] }, ends: ['Succeeded'] },
  'that Azure refuses': { acts: ['submit', 'work'], script: { begin: [refused] }, ends: ['Failed'] },
  'whose result is withheld': {
    acts: ['submit', 'work'],
    script: { begin: [{ kind: 'done', arm: {}, body: path }] },
    policy,
    ends: ['Failed'],
  },
  'whose message is lost': { acts: ['submit', 'lose messages', 'sweep', 'work'], ends: ['Succeeded'] },
  'that is canceled while it waits': { acts: ['submit', 'cancel', 'work'], ends: ['Canceled', 'Succeeded'] },
  'that is canceled while it runs': {
    acts: ['submit', 'step', 'cancel', 'work'],
    script: polled,
    ends: ['Canceled', 'Succeeded'],
  },
  'whose end is told': { acts: ['submit until accepted', 'work'], ...told, ends: ['Succeeded'] },
  'whose end is told at the second try': {
    acts: ['submit', 'work'],
    ...told,
    script: { post: [500, 204] },
    ends: ['Succeeded'],
  },
  'whose message that it has ended is lost': {
    acts: ['submit', 'step', 'lose messages', 'sweep', 'work'],
    ...told,
    ends: ['Succeeded'],
  },
  'whose cancellation is told': {
    acts: ['submit', 'cancel', 'work'],
    ...told,
    ends: ['Canceled', 'Succeeded'],
  },
  'that is shared while it waits': { acts: ['submit', 'share', 'work'], ends: ['Succeeded'] },
  'that is shared while it runs': {
    acts: ['submit', 'step', 'share', 'work'],
    script: polled,
    ends: ['Succeeded'],
  },
  'that is shared when it has ended': { acts: ['submit', 'work', 'share'], ends: ['Succeeded'] },
  'whose message is poisonous': {
    acts: ['submit', 'lose messages', 'fail poisoned'],
    // Where nothing was submitted in time, nobody gives it up.
    ends: ['Failed', 'Succeeded'],
  },
};

const isFast = inject('tier') === 'fast';
/** Of pairs of crashes; each request is the first of some, and the second of others. */
const oneIn = isFast ? 23 : 1;

const stages = ['before', 'after'] as const;
const kinds = ['crash', 'fault', 'stall', 'cancel'] as const;

function* points(kind: Kind, from: number, until: number): Generator<Interruption> {
  for (let at = from; at < until; at++) for (const stage of stages) yield { kind, at, stage };
}

/** Answers how many requests were made. */
async function held(story: Story, interruptions: readonly Interruption[]): Promise<number> {
  const { requests, breaches } = await live(story, interruptions);
  expect(breaches, JSON.stringify(interruptions)).toEqual([]);
  return requests.length;
}

describe.each(Object.entries(stories))('a check %s has one end', (_which, story) => {
  it('wherever a process dies, is told an error, or stalls, and whenever the check is canceled', async () => {
    const count = await held(story, []);
    // In `npm test` each request is met by two of the kinds before it, and by the other two after it.
    const isTried = ({ kind, at, stage }: Interruption) => (kinds.indexOf(kind) + at + stages.indexOf(stage)) % 2 === 0;
    for (const kind of kinds)
      for (const point of points(kind, 0, count)) if (!isFast || isTried(point)) await held(story, [point]);
  });

  it('wherever two processes die, one after the other', async () => {
    const { requests } = await live(story);
    // What comes before is the same as in the story of a check whose end is told to nobody.
    const from = story.callback === undefined ? 0 : requests.indexOf('begin');
    for (const first of points('crash', from, requests.length)) {
      const count = await held(story, [first]);
      for (const second of points('crash', first.at + 1, count))
        if ((first.at + second.at) % oneIn === 0) await held(story, [first, second]);
    }
  }, 120_000);
});

describe('a check', () => {
  it('has one end whatever befalls up to five processes', async () => {
    const interruption = fc.record({
      kind: fc.constantFrom(...kinds),
      at: fc.nat({ max: 50 }),
      stage: fc.constantFrom(...stages),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(stories)),
        fc.array(interruption, { minLength: 2, maxLength: 5 }),
        async (story, interruptions) => {
          await held(story, interruptions);
        },
      ),
      { numRuns: numRuns(20_000) },
    );
  }, 240_000);

  it('is interrupted at every request that the ports of its life know', async () => {
    const lives = await Promise.all(Object.values(stories).map((story) => live(story)));
    const ofChecks = [
      'answer',
      'append',
      'begin',
      'find',
      'insert',
      'next',
      'poll',
      'record',
      'replace',
      'secondsBetween',
      'send',
    ];
    const ofRuns = ['find', 'note'].map((each) => `${each} of run`);
    const ofNotices = ['find', 'findAll', 'insert', 'remove', 'replace', 'send'].map((each) => `${each} notice`);
    const known = [...ofChecks, ...ofRuns, ...ofNotices, 'post'].sort();
    expect([...new Set(lives.flatMap(({ requests }) => requests))].sort()).toEqual(known);
  });
});
