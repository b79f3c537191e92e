import type { RenderedCheck, RenderedReason } from '../../rendering/render-check.ts';
import { stateWords } from '../../rendering/state.ts';
import { shortId } from '../../rendering/visible.ts';
import type { Button, ChatMessage, Part, PathHop, ShownCheck } from '../message.ts';
import type { ClickAction, Room } from '../request.ts';

export interface DrawCheckOptions extends Omit<ShownCheck, 'id'> {
  /** Whether it is the one who looks at it who asked for it. */
  readonly isOwn?: boolean;
  /** Where it was asked for among others, and what the button says that shows it to them. */
  readonly room?: Room | undefined;
  readonly showLabel?: string;
  /** Who shows it to all. */
  readonly shownBy?: string;
}

/** A check as a chat tells it: what it came to, why, and what can be done next. */
export function drawCheck(check: RenderedCheck, options: DrawCheckOptions = {}): ChatMessage {
  const { id, title, state, sentence, warnings } = check;
  const { note, isWhole } = options;
  return {
    text: `${stateWords[state]}: ${title}. ${sentence}`,
    title,
    state,
    parts: [
      { kind: 'text', text: sentence },
      ...list(undefined, warnings),
      ...list('What to do', check.reasons.map(adviceOf)),
      ...(isWhole === true ? pathOf(check) : []),
      ...factsOf(check, options),
    ],
    buttons: buttonsOf(check, options),
    check: { id, note, isWhole },
  };
}

const list = (title: string | undefined, items: readonly string[]): readonly Part[] =>
  items.length === 0 ? [] : [{ kind: 'list', items, ...(title !== undefined && { title }) }];

function adviceOf({ message, action, owner, contact }: RenderedReason): string {
  const who = owner === 'nobody' ? '' : ` (${[owner, contact].filter(Boolean).join(': ')})`;
  return `${message} ${action}${who}`;
}

function pathOf({ hops, reasons }: RenderedCheck): readonly Part[] {
  if (hops.length === 0) return [];
  const drawn = hops.map(({ name, kind, role, reasons: places }): PathHop => {
    const told = places.flatMap((place) => reasons[place]?.message ?? []);
    return { name, ...(kind !== undefined && role === 'between' && { kind }), told };
  });
  return [{ kind: 'path', hops: drawn }];
}

function factsOf(
  { id, measured, facts }: RenderedCheck,
  { note, isWhole, room, shownBy }: DrawCheckOptions,
): readonly Part[] {
  const quiet = [
    ...(note === undefined ? [] : [note]),
    ...(shownBy === undefined ? [] : [`Shown by ${shownBy}.`]),
    ...(room === undefined || shownBy !== undefined ? [] : [`Only you see this. You asked in ${nameOf(room)}.`]),
    ...(isWhole === true ? [] : [`Check ${shortId(id)}`]),
  ].map((text): Part => ({ kind: 'quiet', text }));
  return [...(isWhole === true ? [{ kind: 'facts', facts: [...measured, ...facts] } as const] : []), ...quiet];
}

export const nameOf = ({ id, name }: Room): string => name ?? id;

function buttonsOf(check: RenderedCheck, options: DrawCheckOptions): readonly Button[] {
  const { id: checkId, link } = check;
  const { room } = options;
  const buttons = actionsOf(check, options).map(([label, action]): Button => ({
    kind: 'act',
    label,
    action,
    checkId,
    ...(room !== undefined && { room }),
  }));
  return [...buttons, { kind: 'open', label: 'Open', url: link }];
}

type Action = readonly [label: string, action: ClickAction];

function actionsOf({ hasEnded, hops }: RenderedCheck, options: DrawCheckOptions): readonly Action[] {
  const { isOwn = false, isWhole = false } = options;
  if (!hasEnded) return isOwn ? [['Cancel', 'cancel']] : [];
  const path: readonly Action[] = !isWhole && hops.length > 0 ? [['Show path', 'path']] : [];
  return [['Check again', 'again'], ...path, ...showOf(options)];
}

/** For its requester alone, where others read along who have not seen it yet. */
function showOf({ isOwn = false, room, showLabel, shownBy }: DrawCheckOptions): readonly Action[] {
  const isShowable = isOwn && room !== undefined && shownBy === undefined;
  return isShowable && showLabel !== undefined ? [[showLabel, 'share-here']] : [];
}
