import type { RenderedComparison } from '../../rendering/render-comparison.ts';
import type { RenderedFlow } from '../../rendering/render-flow.ts';
import type { RenderedRow } from '../../rendering/render-list.ts';
import { stateWords } from '../../rendering/state.ts';
import { shortId } from '../../rendering/visible.ts';
import type { Button, ChatMessage, Part } from '../message.ts';

const items = (lines: readonly string[], title?: string): readonly Part[] =>
  lines.length === 0 ? [] : [{ kind: 'list', items: lines, ...(title !== undefined && { title }) }];

/** The newest checks that somebody asked for. */
export function drawList(rows: readonly RenderedRow[], pageUrl: string): ChatMessage {
  const text = rows.length === 0 ? 'You have no checks.' : `Your newest ${rows.length} checks.`;
  return {
    text,
    title: 'Your checks',
    parts: [
      { kind: 'text', text },
      ...items(rows.map(({ id, at, title, state }) => `${shortId(id)}  ${stateWords[state]}: ${title} (${at})`)),
    ],
    buttons: open(pageUrl),
  };
}

export function drawFlow({ title, sentence, changes, newest }: RenderedFlow, pageUrl: string): ChatMessage {
  return {
    text: `${title}. ${sentence}`,
    title,
    parts: [
      { kind: 'text', text: sentence },
      ...items(changes, 'What changed'),
      ...items(
        newest.map(({ at, state, way }) => `${at}  ${stateWords[state]}${way === '' ? '' : `, ${way}`}`),
        'Newest checks',
      ),
    ],
    buttons: open(pageUrl),
  };
}

export function drawComparison({ title, sentence, check, with: before, changes }: RenderedComparison): ChatMessage {
  const sides = [
    ...(before ? [`Before: ${stateWords[before.state]}, ${before.at}`] : []),
    `Now: ${stateWords[check.state]}, ${check.at}`,
  ];
  return {
    text: `${title}. ${sentence}`,
    title,
    parts: [{ kind: 'text', text: sentence }, ...items(sides), ...items(changes, 'What changed')],
    buttons: check.link === undefined ? [] : open(check.link),
  };
}

const open = (url: string): readonly Button[] => [{ kind: 'open', label: 'Open', url }];
