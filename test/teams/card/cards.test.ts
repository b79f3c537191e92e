import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCheck } from '../../../src/chat/draw/draw-check.ts';
import { drawLink, drawLinkElsewhere, drawUnlinked } from '../../../src/chat/draw/draw-words.ts';
import { drawProblem } from '../../support/chat/draw-problem.ts';
import type { ChatMessage } from '../../../src/chat/message.ts';
import { Problem } from '../../../src/contract/problem.ts';
import { renderCheck } from '../../../src/rendering/render-check.ts';
import { cardActionIn } from '../../../src/teams/card/card-action.ts';
import { drawAsked } from '../../../src/teams/card/draw-asked.ts';
import { drawMessage } from '../../../src/teams/card/draw-message.ts';
import { numRuns } from '../../support/run/num-runs.ts';
import { sampleViews as views } from '../../support/sample-views.ts';

const origin = 'https://proxy.example.com';
const asked = {
  ...{ request: '0a1b2c3d-3b1a-4c68-9d3e-5f0c1f8e4e5f', name: 'Alice', userId: '29:alice' },
  ...{ words: 'web-01 10.1.2.4:1433', link: `${origin}/#/checks/5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f` },
};

const room = { id: '19:net@thread.tacv2', name: 'Network' };
const cards: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    Object.entries(views).map(([name, each]) => [
      name,
      drawMessage(drawCheck(renderCheck(each, origin), { isOwn: true, note: 'From the source "web-01".' })),
    ]),
  ),
  'unreachable-whole': drawMessage(
    drawCheck(renderCheck(views['unreachable']!, origin), { isWhole: true, isOwn: true }),
  ),
  'shown-here': drawMessage(drawCheck(renderCheck(views['unreachable']!, origin), { isWhole: true, shownBy: 'Alice' })),
  'own-in-channel': drawMessage(
    drawCheck(renderCheck(views['reachable']!, origin), { isOwn: true, room, showLabel: 'Show here' }),
    { action: { type: 'Action.Execute', title: 'See', verb: 'see', data: {} }, userIds: ['29:alice'] },
  ),
  'asked-in-channel': drawAsked({ ...asked, hasEnded: false }),
  'ended-in-channel': drawAsked({
    ...{ ...asked, hasEnded: true },
    showAction: { type: 'Action.Execute', title: 'Show here', verb: 'share-here', data: { check: 'id' } },
  }),
  refused: drawMessage(drawProblem(new Problem('PolicyRefused', 'No rule allows it.'))),
  unlinked: drawMessage(drawUnlinked('write "link" to the app in a personal chat')),
  link: drawMessage(drawLink(`${origin}/#/link/code`)),
  'link-in-channel': drawMessage(drawLinkElsewhere()),
};

const textsIn = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, member]) =>
        ['text', 'title', 'url'].includes(name) && typeof member === 'string' ? [member] : textsIn(member),
      );

describe('a card', () => {
  // Whoever changes what is told of a check writes them anew, and looks at each: `npx vitest run test/teams/card --update`.
  it.each(Object.entries(cards))('%s is as it was agreed', async (name, card) => {
    await expect(`${JSON.stringify(card, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.json`);
  });

  it('has text in runs alone, where no Markdown is read', () => {
    for (const card of Object.values(cards)) {
      expect(JSON.stringify(card)).not.toMatch(/"TextBlock"|"FactSet"|"Image"|"Action.Submit"/);
      expect(card).toMatchObject({ type: 'AdaptiveCard', version: '1.5' });
    }
  });

  it('fits into a message, whatever is told, with its title, its state and its buttons', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6000 }),
      fc.constant('\u0001'.repeat(9000)),
      fc.constant('😀'.repeat(4000)),
    );
    const part = fc.oneof(
      fc.record({ kind: fc.constant('text' as const), text }),
      fc.record({ kind: fc.constant('list' as const), title: text, items: fc.array(text, { maxLength: 80 }) }),
      fc.record({
        kind: fc.constant('facts' as const),
        facts: fc.array(fc.record({ name: text, value: text }), { maxLength: 30 }),
      }),
      fc.record({
        kind: fc.constant('path' as const),
        hops: fc.array(fc.record({ name: text, kind: text, told: fc.array(text, { maxLength: 4 }) }), {
          maxLength: 80,
        }),
      }),
    );
    fc.assert(
      fc.property(text, fc.array(part, { maxLength: 6 }), (title, parts) => {
        const buttons = drawCheck(renderCheck(views['reachable']!, origin), { isOwn: true }).buttons;
        const message: ChatMessage = { text: title, title, state: 'reachable', parts, buttons };
        const card = drawMessage(message);
        expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(25_000);
        expect(JSON.stringify(card)).toContain('Reachable');
        expect(card.actions).toHaveLength(buttons.length);
      }),
      { numRuns: numRuns(15) },
    );
  });

  it('fits into a message, however long an address is that it leads to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (length) => {
        const url = `${origin}/#/flows?destination=${'%2F'.repeat(length / 3)}`;
        const buttons = [{ kind: 'open', label: 'Open', url }] as const;
        const own = drawMessage({ text: '', parts: [{ kind: 'text', text: 'x'.repeat(9000) }], buttons });
        const all = drawAsked({ ...asked, hasEnded: true, link: url });
        for (const card of [own, all]) {
          expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(25_000);
          expect(card.actions).toMatchObject([{ url: url.length <= 2000 ? url : `${origin}/#/flows` }]);
        }
      }),
    );
  });

  it('shows the whole of what is short', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 10 }), (title, items) => {
        const texts = textsIn(drawMessage({ text: '', title, parts: [{ kind: 'list', items }], buttons: [] })).join(
          '\n',
        );
        for (const item of [title, ...items]) expect(texts.replaceAll('{ ', '{')).toContain(item.replaceAll('{ ', '{'));
      }),
    );
  });

  it('computes nothing of what it is told', () => {
    const foreign = '{{DATE(2026-03-01T10:00:00Z,SHORT)}} {{{TIME(x)}}} ${x} [a](https://evil.example)';
    const card = drawAsked({ ...asked, hasEnded: true, name: foreign, words: foreign });
    expect(JSON.stringify(card)).not.toContain('{{');
    const message = drawMessage({ text: '', title: foreign, parts: [{ kind: 'text', text: foreign }], buttons: [] });
    expect(JSON.stringify(message)).not.toContain('{{');
  });

  it('shows what is not seen', () => {
    const card = drawAsked({ ...asked, hasEnded: true, name: 'A\u202eb', words: 'x\u0007y' });
    expect(JSON.stringify(card)).toContain('A\\\\u202eb');
    expect(JSON.stringify(card)).toContain('x\\\\u0007y');
  });

  it('brings back what its buttons carry', () => {
    for (const card of Object.values(views).map((each) =>
      drawMessage(drawCheck(renderCheck(each, origin), { isOwn: true, room, showLabel: 'Show here' })),
    ))
      for (const action of card.actions ?? [])
        if (action.type === 'Action.Execute')
          expect(cardActionIn({ action })).toEqual({ verb: action.verb, check: views['reachable']!.id });
  });
});
