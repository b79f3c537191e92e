import type { Me } from '../../contract/answer/me.ts';
import type { ReadOnly } from '../../contract/answer/read-only.ts';
import type { Source } from '../../contract/answer/source.ts';
import type { Problem } from '../../contract/problem.ts';
import type { HelpEntry } from '../../line/help-for.ts';
import { momentInWords, visible } from '../../rendering/visible.ts';
import type { Link } from '../link/link.ts';
import type { ChatMessage, Part } from '../message.ts';
import type { Words } from '../request.ts';

export const drawInWords = ({ texts, title, state, isRefusal }: Words): ChatMessage => ({
  text: texts.join(' '),
  ...(title !== undefined && { title }),
  ...(state !== undefined && { state }),
  parts: texts.map((text): Part => ({ kind: 'text', text })),
  buttons: [],
  ...(isRefusal && { isRefusal }),
});

const plain = (text: string, more: Partial<ChatMessage> = {}): ChatMessage => ({
  ...drawInWords({ texts: [text] }),
  ...more,
});

/** A sentence of the proxy's own. */
export const drawSentence = (sentence: string): ChatMessage => plain(visible(sentence));

const refusals: Readonly<Partial<Record<Problem['code'], string>>> = {
  PolicyRefused: 'The policy does not allow it',
  TooManyRequests: 'Too many requests',
};

/** Why nothing was done. */
export function problemInWords(problem: Problem): Words {
  const details = (problem.details ?? []).map((each) => visible(each.message));
  const title = refusals[problem.code];
  return {
    // The general sentence speaks of details as the API has them.
    texts: details.length > 0 ? details : [visible(problem.message)],
    ...(title !== undefined && { title, state: 'refused' as const }),
    isRefusal: true,
  };
}

/** What the operators find in the log by it. */
export const drawTrouble = (requestId: string): ChatMessage =>
  plain(
    `The proxy met trouble of its own and could not finish this. Look whether it was done before you ask again, or tell its operators: ${requestId}.`,
    { isRefusal: true },
  );

export const drawHelp = (entries: readonly HelpEntry[]): ChatMessage => ({
  text: 'What you can write.',
  title: 'What you can write',
  parts: entries.map(({ usage, sentence, example }) => ({
    kind: 'list',
    title: visible(usage),
    items: [visible(sentence), ...(example === usage ? [] : [visible(`Such as: ${example}`)])],
  })),
  buttons: [],
});

/** Whose account it is stays open: nothing else is told. */
export const drawUnlinked = (howToLink: string): ChatMessage =>
  plain(
    `This chat account is linked with nobody, or its link is over: ${howToLink}, and confirm at the address in the answer.`,
    { title: 'Not linked', isRefusal: true },
  );

export const drawLink = (url: string): ChatMessage => ({
  // Who hears a message instead of seeing it has no button.
  text: `Confirm within ten minutes that this chat account is yours: ${url}`,
  title: 'Link this chat account',
  parts: [
    {
      kind: 'text',
      text: 'Sign in there with your own account, look which chat account would act as you, and confirm within ten minutes. The link is for you alone, and works once.',
    },
    {
      kind: 'quiet',
      text: 'Confirm only what you asked for yourself: give this link to nobody, and follow nobody else’s.',
    },
  ],
  buttons: [{ kind: 'open', label: 'Link', url }],
});

/** `link`, where others read along. */
export const drawLinkElsewhere = (): ChatMessage => ({
  ...plain('Write "link" to the app in a personal chat: what it answers is for you alone.'),
  isForAll: true,
});

export const drawLinked = ({ caller, until }: Link): ChatMessage =>
  plain(
    `This chat account acts as ${visible(caller.requester.name)} (${visible(caller.requester.objectId)}) until ${momentInWords(until)}. ${
      caller.roles.length === 0
        ? 'They may ask for no checks yet: the role Check.Request is missing.'
        : 'Write "help" for what you can ask.'
    } If that is not you, tell the operators of the proxy.`,
    { title: 'Linked' },
  );

export function drawMe(me: ReadOnly<Me>, link: Pick<Link, 'until'>, publicUrl: string): ChatMessage {
  const { requester, roles, rules, endpoints, sets, limits, paused } = me;
  const name = visible(requester.name);
  return {
    text: `You are ${name}.`,
    title: name,
    parts: [
      {
        kind: 'facts',
        facts: [
          { name: 'Id', value: visible(requester.id) },
          { name: 'Roles', value: roles.length === 0 ? 'none' : visible(roles.join(', ')) },
          { name: 'Linked until', value: momentInWords(link.until) },
        ],
      },
      ...(paused
        ? [{ kind: 'text' as const, text: visible(`The proxy is paused. ${paused.reason ?? ''}`.trim()) }]
        : []),
      ...listed(
        'Rules',
        rules.map(({ id, effect }) => `${effect} ${id}`),
      ),
      ...listed('Endpoints', endpoints.map(endpointInWords)),
      ...listed('Sets', sets),
      ...listed(
        'Limits',
        limits.map(({ name: limit, quota, remaining }) => `${limit}: ${remaining} of ${quota} left`),
      ),
    ],
    // There one ends the link.
    buttons: [{ kind: 'open', label: 'Open', url: `${publicUrl}/#/me` }],
  };
}

const endpointInWords = ({ name, resourceId, address, port }: ReadOnly<Me>['endpoints'][number]): string =>
  [name, resourceId ?? address, port === undefined ? undefined : `port ${port}`].filter(Boolean).join('  ');

const listed = (title: string, lines: readonly string[]): readonly Part[] =>
  lines.length === 0 ? [] : [{ kind: 'list', title, items: lines.map(visible) }];

/** What is told of what one may name. */
export interface Nameable {
  readonly endpoints: ReadOnly<Me>['endpoints'];
  readonly sources: readonly Source[];
  /** Whether there are more sources. */
  readonly isMore: boolean;
  /** Subscriptions of which not everything could be read. */
  readonly unreadable: readonly { readonly subscription: string; readonly code: string }[];
}

/** What one may name. */
export function drawEndpoints(
  { endpoints, sources, isMore, unreadable }: Nameable,
  { search, publicUrl }: { readonly search: string; readonly publicUrl: string },
): ChatMessage {
  const isNone = endpoints.length === 0 && sources.length === 0;
  const part = search === '' ? 'part of a name' : 'a longer part of a name';
  const sentences = [
    ...(isNone ? ['Nothing of that name is open to you.'] : []),
    ...(isMore ? [`There are more sources than these ${sources.length}: write "endpoints" with ${part}.`] : []),
    ...(unreadable.length > 0 ? ['Not everything could be read: there may be more.'] : []),
  ];
  const title = 'What you may name';
  return {
    text: isNone ? sentences.join(' ') : `${title}.`,
    title,
    parts: [
      // What stands last is left out first.
      ...sentences.map((text): Part => ({ kind: 'text', text })),
      ...listed('Endpoints', endpoints.map(endpointInWords)),
      ...listed(
        'Sources',
        sources.map(({ name, resourceGroup, region, state }) => [name, resourceGroup, region, state].join('  ')),
      ),
      ...listed(
        'Not read',
        unreadable.map(({ subscription, code }) => `Not everything of subscription ${subscription}: ${code}`),
      ),
    ],
    buttons: [{ kind: 'open', label: 'Open', url: `${publicUrl}/#/me` }],
  };
}
