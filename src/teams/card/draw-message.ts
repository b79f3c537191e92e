import type { Button, ChatMessage, Part, PathHop } from '../../chat/message.ts';
import { type Action, type Card, cardOf, type Element, openActions, run, type Text, textOf } from './card.ts';
import { cardAction } from './card-action.ts';
import { firstOf, fitted, type Limits, shortened } from './fitted.ts';
import { stateRun } from './state-run.ts';

/** A message as whoever may read all of it gets it. */
export function drawMessage(message: ChatMessage, refresh?: Card['refresh']): Card {
  return fitted((limits) =>
    cardOf({
      body: [...headOf(message, limits), ...message.parts.flatMap((part) => drawPart(part, limits))],
      actions: message.buttons.flatMap(drawButton),
      refresh,
    }),
  );
}

function headOf({ state, title }: ChatMessage, limits: Limits): readonly Text[] {
  const inlines = [
    ...(state === undefined ? [] : [stateRun(state)]),
    ...(title === undefined ? [] : [run(shortened(title, limits), { weight: 'Bolder', size: 'Medium' })]),
  ];
  return inlines.length === 0 ? [] : [textOf(inlines)];
}

function drawPart(part: Part, limits: Limits): readonly Element[] {
  if (part.kind === 'text') return [textOf([run(shortened(part.text, limits))], 'Small')];
  if (part.kind === 'quiet') return [textOf([run(shortened(part.text, limits), { isSubtle: true })], 'Small')];
  if (part.kind === 'list') return [drawList(part, limits)];
  return [part.kind === 'path' ? drawPath(part.hops, limits) : drawFacts(part.facts, limits)];
}

function drawList({ title, items }: Extract<Part, { kind: 'list' }>, limits: Limits): Element {
  return section(items, limits, (item) => [textOf([run(`• ${shortened(item, limits)}`)], 'None')], title);
}

function drawFacts(facts: Extract<Part, { kind: 'facts' }>['facts'], limits: Limits): Element {
  return section(facts, limits, ({ name, value }) => [
    textOf([run(`${shortened(name, limits)}: `, { isSubtle: true }), run(shortened(value, limits))], 'None'),
  ]);
}

function drawPath(hops: readonly PathHop[], limits: Limits): Element {
  return section(hops, limits, ({ name, kind, told }, at) => [
    textOf(
      [
        run(`${at + 1} ${told.length > 0 ? '✗' : '○'} `, told.length > 0 ? { color: 'Attention' } : {}),
        run(shortened(name, limits)),
        ...(kind === undefined ? [] : [run(`  ${shortened(kind, limits)}`, { isSubtle: true })]),
      ],
      'None',
    ),
    ...told.map((what) => textOf([run(`     ${shortened(what, limits)}`, { isSubtle: true })], 'None')),
  ]);
}

function section<T>(
  entries: readonly T[],
  limits: Limits,
  draw: (entry: T, at: number) => readonly Element[],
  title?: string,
): Element {
  const { first, more } = firstOf(entries, limits);
  return {
    type: 'Container',
    spacing: 'Medium',
    items: [
      ...(title === undefined ? [] : [textOf([run(shortened(title, limits), { weight: 'Bolder' })])]),
      ...first.flatMap(draw),
      ...(more === 0 ? [] : [textOf([run(`… and ${more} more.`, { isSubtle: true })], 'None')]),
    ],
  };
}

/** Where it was asked is where it is clicked: what a click says of that itself is not needed. */
function drawButton(button: Button): readonly Action[] {
  if (button.kind === 'act') return [cardAction(button.label, { verb: button.action, check: button.checkId })];
  return openActions(button.label, button.url);
}
