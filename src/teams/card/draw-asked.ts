import { visible } from '../../rendering/visible.ts';
import { type Action, type Card, cardOf, openActions, run, textOf } from './card.ts';
import { cardAction } from './card-action.ts';
import { shortened } from './fitted.ts';

/** What everybody in a conversation is told of a request. */
export interface AskedCard {
  /** Id of the request, not of a check. */
  readonly request: string;
  readonly name: string;
  /** As Teams names the asker in this conversation. */
  readonly userId: string;
  /** The asker's own. */
  readonly words: string;
  readonly hasEnded: boolean;
  /** Of the check that it came to. */
  readonly link?: string | undefined;
  /** There once the asker has something to show. */
  readonly showAction?: Action | undefined;
}

const MOST = { text: 1000 };

/** That something was asked, and whether it has ended; Teams brings the asker the rest. */
export function drawAsked({ request, name, userId, words, hasEnded, link, showAction }: AskedCard): Card {
  const state = hasEnded ? 'It has ended.' : 'It is being answered.';
  return cardOf({
    body: [
      textOf([run(shortened(visible(name), MOST), { weight: 'Bolder' }), run(' asked:')]),
      textOf([run(shortened(visible(words), MOST), { fontType: 'Monospace' })], 'Small'),
      textOf([run(`${state} Only who asked sees the answer.`, { isSubtle: true })], 'Small'),
    ],
    actions: [...(link === undefined ? [] : openActions('Open', link)), ...(showAction ? [showAction] : [])],
    refresh: { action: cardAction('See the answer', { verb: 'see', request }), userIds: [userId] },
  });
}
