import type { Activity } from './activity.ts';

/**
 * What was written to the bot: a message without the bot's mention, and with other people's as their names. A mention is
 * what an entity says it is, never what merely looks like one.
 */
export function lineOf({ text, entities, recipient }: Pick<Activity, 'text' | 'entities' | 'recipient'>): string {
  const instead = new Map(
    entities.map(({ text: mention, mentioned }) => [
      mention,
      mentioned.id === recipient?.id ? ' ' : asText(mentioned.name ?? ''),
    ]),
  );
  if (instead.size === 0) return text?.trim() ?? '';
  // All at once: what a name brings in is no mention.
  const mentions = new RegExp([...instead.keys()].map(literally).join('|'), 'gu');
  return (text ?? '').replace(mentions, (mention) => instead.get(mention) ?? '').trim();
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A message has its signs as entities, and a name has not. */
const asText = (name: string): string => name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
