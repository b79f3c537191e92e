import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCheck } from '../../src/chat/draw/draw-check.ts';
import { drawList } from '../../src/chat/draw/draw-history.ts';
import { drawSet } from '../../src/chat/draw/draw-set.ts';
import { drawEndpoints, drawUnlinked } from '../../src/chat/draw/draw-words.ts';
import { drawProblem } from '../support/chat/draw-problem.ts';
import type { ChatMessage, Part } from '../../src/chat/message.ts';
import { Problem } from '../../src/contract/problem.ts';
import { readButtonValue } from '../../src/slack/button-value.ts';
import { drawSlack } from '../../src/slack/draw-slack.ts';
import { type State, stateWords } from '../../src/rendering/state.ts';

const texts = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    '<!channel>',
    '<@U1>',
    '<https://evil.example|click>',
    '*bold* `code`',
    '&amp;&lt;',
    '@here',
    '\u202e',
  ),
  fc.string({ minLength: 2_000, maxLength: 9_000, unit: 'grapheme' }),
);
const lists = fc.array(texts, { maxLength: 120 });
const parts: fc.Arbitrary<Part> = fc.oneof(
  texts.map((text) => ({ kind: 'text', text }) as const),
  texts.map((text) => ({ kind: 'quiet', text }) as const),
  lists.map((items) => ({ kind: 'list', items }) as const),
  fc
    .array(fc.record({ name: texts, value: texts }), { maxLength: 25 })
    .map((facts) => ({ kind: 'facts', facts }) as const),
  fc.array(fc.record({ name: texts, told: lists }), { maxLength: 30 }).map((hops) => ({ kind: 'path', hops }) as const),
);
const page = 'https://proxy.example/#/flows';
/** Words in the query of a page, and pages that are too long themselves. */
const urls = fc.oneof(
  fc.constant('https://proxy.example/#/checks/1'),
  fc.integer({ min: 0, max: 13_000 }).map((most) => `${page}?destination=${'%2F'.repeat(most / 3)}`),
  fc.integer({ min: 0, max: 5_000 }).map((most) => `https://proxy.example/${'p'.repeat(most)}/#/flows?port=443`),
);
const messages: fc.Arbitrary<ChatMessage> = fc.record({
  text: texts,
  title: texts,
  state: fc.constantFrom(...(Object.keys(stateWords) as State[])),
  parts: fc.array(parts, { maxLength: 60 }),
  buttons: urls.map((url) => [
    { kind: 'act', label: 'Check again', action: 'again', checkId: '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f' } as const,
    { kind: 'open', label: 'Open', url } as const,
  ]),
});

interface Text {
  readonly type: string;
  readonly text: string;
}

/** Every text object of a message, wherever it stands. */
const textsIn = (value: unknown): Text[] => {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && typeof value.type === 'string' && 'text' in value && typeof value.text === 'string')
    return [{ type: value.type, text: value.text }];
  return Object.values(value).flatMap(textsIn);
};

const buttonsIn = (blocks: ReturnType<typeof drawSlack>['blocks']) =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])) as {
    readonly action_id: string;
    readonly value?: string;
    readonly url?: string;
  }[];

describe('a message for Slack', () => {
  it('is within Slack’s limits, whatever it tells', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const { text, blocks } = drawSlack(message);
        expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(3000);
        expect(blocks.length).toBeLessThanOrEqual(50);
        const all = textsIn(blocks);
        for (const each of all) {
          expect(each.text.length).toBeGreaterThan(0);
          expect(each.text.length).toBeLessThanOrEqual(3000);
        }
        expect(all.reduce((sum, each) => sum + each.text.length, 0)).toBeLessThanOrEqual(13_000);
        for (const block of blocks) {
          if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
          if ('fields' in block) expect(block.fields.length).toBeLessThanOrEqual(10);
          if (block.type === 'context') expect(block.elements.length).toBeLessThanOrEqual(10);
        }
        // Buttons are there however much is left out.
        expect(blocks.at(-1)?.type).toBe('actions');
      }),
      { numRuns: 40 },
    );
  });

  it('leads where it was to lead, or to the page alone where Slack would not take so long an address', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const { blocks } = drawSlack(message);
        const [again, opened] = buttonsIn(blocks);
        expect(again?.action_id).toBe('again');
        const [url = ''] = message.buttons.flatMap((button) => (button.kind === 'open' ? button.url : []));
        const expected = [url, url.split('?')[0] ?? ''].find((each) => each.length <= 3000);
        expect(opened?.url).toBe(expected);
        expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(14_000);
      }),
      { numRuns: 40 },
    );
  });

  it('has no row of buttons where none is left', () => {
    const url = `https://proxy.example/${'p'.repeat(3000)}`;
    const buttons = [{ kind: 'open', label: 'Open', url }] as const;
    const { blocks } = drawSlack({ text: 'x', parts: [{ kind: 'text', text: 'x' }], buttons });
    expect(blocks.map(({ type }) => type)).toEqual(['section']);
  });

  it('has no text that Slack would read as markup, a link or a mention', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const { text, blocks } = drawSlack(message);
        const all = textsIn(blocks);
        expect(new Set(all.map(({ type }) => type))).toEqual(new Set(['plain_text']));
        for (const each of [text, ...all.map((one) => one.text)]) expect(each).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      }),
      { numRuns: 40 },
    );
  });

  it('has what a click needs in its button, and nothing that is believed', () => {
    const checkId = '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
    const room = { id: 'C0NET', name: '#network' };
    const message = drawCheck(ended, { isOwn: true, room, showLabel: 'Show in this channel' });
    const { blocks } = drawSlack(message);
    const elements = buttonsIn(blocks);
    expect(elements.map(({ action_id: id }) => id)).toEqual(['again', 'path', 'share-here', 'open-3']);
    expect(readButtonValue(elements[0]?.value ?? '')).toEqual({ check: checkId, room });
    for (const odd of ['', '{}', 'x', '{"check":"1"}', `{"check":"${checkId}","more":1}`])
      expect(readButtonValue(odd)).toBeUndefined();
  });
});

const ended = {
  id: '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f',
  title: 'web-01 → 10.1.4.4: TCP port 22',
  state: 'unreachable',
  hasEnded: true,
  sentence: 'web-01 cannot reach 10.1.4.4 on TCP port 22.',
  warnings: [],
  reasons: [
    {
      ...{ code: 'NetworkSecurityRule', message: 'NSG rule "DenySsh" denies it.', action: 'Allow it.' },
      ...{ owner: 'network team', contact: '#net-oncall' },
    },
  ],
  hops: [
    { role: 'source', name: 'web-01', next: [1], reasons: [] },
    { role: 'destination', name: '10.1.4.4', next: [], reasons: [0] },
  ],
  measured: [{ name: 'Probes', value: '30 of 30 failed' }],
  facts: [{ name: 'From', value: 'web-01' }],
  link: 'https://proxy.example/#/checks/1',
} as const;

/** What each outcome looks like: by its words, as they stand in the message. */
describe('what is told of', () => {
  const wordsOf = (message: ChatMessage): string =>
    textsIn(drawSlack(message).blocks)
      .map(({ text }) => text)
      .join('\n');

  it('an unreachable check: what it is, why, who acts, and what can be done', () => {
    expect(wordsOf(drawCheck(ended, { isOwn: true, note: 'From web-01.' }))).toBe(
      [
        '❌ Unreachable: web-01 → 10.1.4.4: TCP port 22',
        'web-01 cannot reach 10.1.4.4 on TCP port 22.',
        'What to do\n• NSG rule "DenySsh" denies it. Allow it. (network team: #net-oncall)',
        'From web-01.',
        'Check 5f0c1f8e',
        'Check again',
        'Show path',
        'Open',
      ].join('\n'),
    );
  });

  it('the same, whole and for all: its path and facts, and no button of the asker’s', () => {
    expect(wordsOf(drawCheck(ended, { isWhole: true, shownBy: 'alice' }))).toBe(
      [
        '❌ Unreachable: web-01 → 10.1.4.4: TCP port 22',
        'web-01 cannot reach 10.1.4.4 on TCP port 22.',
        'What to do\n• NSG rule "DenySsh" denies it. Allow it. (network team: #net-oncall)',
        '1 ● web-01\n2 ✗ 10.1.4.4\n   NSG rule "DenySsh" denies it.',
        'Probes: 30 of 30 failed',
        'From: web-01',
        'Shown by alice.',
        'Check again',
        'Open',
      ].join('\n'),
    );
  });

  it.each(Object.keys(stateWords) as State[])('a check that is %s: the word beside the sign', (state) => {
    const hasEnded = !['waiting', 'running'].includes(state);
    const words = wordsOf(drawCheck({ ...ended, state, hasEnded }, { isOwn: true }));
    expect(words.split('\n')[0]).toMatch(new RegExp(`^\\S+ ${stateWords[state]}: web-01`));
    expect(words.split('\n').includes('Cancel')).toBe(!hasEnded);
    expect(words.includes('Check again')).toBe(hasEnded);
  });

  it('a refusal: the reason of the rule, and of a request with faults each of them', () => {
    const refused = new Problem('PolicyRefused', 'Rule "no-pci" denies it: ask network-security.');
    expect(wordsOf(drawProblem(refused))).toBe(
      '⛔ Refused: The policy does not allow it\nRule "no-pci" denies it: ask network-security.',
    );
    const details = [
      { code: 'InvalidValue', message: 'Say a port.' },
      { code: 'UnknownName', message: 'No such machine.' },
    ];
    expect(wordsOf(drawProblem(new Problem('InvalidRequest', 'See details.', { details })))).toBe(
      'Say a port.\nNo such machine.',
    );
  });

  it('somebody who is not linked: how to link, and no name', () => {
    expect(wordsOf(drawUnlinked('write "/netcheck link"'))).toMatch(
      /^Not linked\nThis chat account is linked with nobody/,
    );
  });

  it('a set: what is wrong first', () => {
    const member = { source: 'web-01', destination: '10.1.2.4', way: 'TCP port 1433', sentence: 'It is denied.' };
    const words = wordsOf(
      drawSet({
        ...{
          id: '1',
          title: 'Set shop',
          state: 'unreachable',
          hasEnded: true,
          sentence: '2 checks.',
          link: 'https://proxy.example',
        },
        members: [
          { ...member, state: 'reachable' },
          { ...member, state: 'unreachable', changed: true },
        ],
      }),
    );
    expect(words).toBe(
      [
        '❌ Unreachable: Set shop',
        '2 checks.',
        'What to look at\n• Unreachable (changed): web-01 → 10.1.2.4: TCP port 1433. It is denied.',
        '• Reachable: web-01 → 10.1.2.4: TCP port 1433',
        'Open',
      ].join('\n'),
    );
  });

  it.each(Object.keys(stateWords) as State[])('a set with a member that is %s: no heading says otherwise', (state) => {
    const member = { source: 'web-01', destination: '10.1.2.4', way: 'TCP port 1433', sentence: 'Said of it.', state };
    const set = { id: '1', title: 'Set shop', state, hasEnded: true, sentence: '1 check.', link: 'https://a.example' };
    const isFine = ['reachable', 'waiting', 'running'].includes(state);
    const line = `• ${stateWords[state]}: web-01 → 10.1.2.4: TCP port 1433`;
    expect(
      wordsOf(drawSet({ ...set, members: [member] }))
        .split('\n')
        .slice(2),
    ).toEqual(isFine ? [line, 'Open'] : ['What to look at', `${line}. Said of it.`, 'Open']);
  });

  it('what is too much for a message, and where the rest is: nothing is to be opened where no button does', () => {
    const parts = [{ kind: 'list', items: Array.from({ length: 200 }, () => 'x'.repeat(200)) }] as const;
    const more = 'There is more than a message can hold';
    const open = { kind: 'open', label: 'Open', url: 'https://proxy.example' } as const;
    expect(wordsOf({ text: 'x', parts, buttons: [open] })).toContain(`${more}: open it.\nOpen`);
    expect(wordsOf({ text: 'x', parts, buttons: [] }).split('\n').at(-1)).toBe(`${more}.`);
  });

  it('what may be named where there is more of it, or not all of it could be read', () => {
    const endpoints = Array.from({ length: 400 }, (_, index) => ({ name: `${'e'.repeat(60)}${index}` }));
    const none = { endpoints: [], sources: [], isMore: false, unreadable: [] };
    const unreadable = [{ subscription: 'a', code: 'AuthorizationFailed' }];
    const words = (found: object, search = ''): string =>
      wordsOf(drawEndpoints({ ...none, ...found }, { search, publicUrl: 'https://proxy.example' }));
    expect(words({ endpoints, isMore: true })).toContain('There are more sources than these 0: write "endpoints" with');
    expect(words({ endpoints, isMore: true })).toContain('open it.\nOpen');
    expect(words({ isMore: true }, 'web')).toContain('with a longer part of a name.');
    expect(words({ endpoints, unreadable })).toContain('Not everything could be read: there may be more.');
    expect(words({ unreadable })).toBe(
      'What you may name\nNothing of that name is open to you.\nNot everything could be read: there may be more.\n' +
        'Not read\n• Not everything of subscription a: AuthorizationFailed\nOpen',
    );
    expect(words({})).toBe('What you may name\nNothing of that name is open to you.\nOpen');
  });

  it('a list that is empty', () => {
    expect(wordsOf(drawList([], 'https://proxy.example'))).toBe('Your checks\nYou have no checks.\nOpen');
  });
});
