import type { RenderedMember, RenderedSet } from '../../rendering/render-set.ts';
import { stateWords } from '../../rendering/state.ts';
import type { ChatMessage } from '../message.ts';

/** A set as a chat tells it: what is to be looked at first, as a message has an end. */
export function drawSet({ title, state, sentence, members, link }: RenderedSet): ChatMessage {
  const isFine = (member: RenderedMember): boolean => ['reachable', 'waiting', 'running'].includes(member.state);
  const wrong = members.filter((member) => !isFine(member));
  const rest = members.filter(isFine);
  return {
    text: `${stateWords[state]}: ${title}. ${sentence}`,
    ...{ title, state },
    parts: [
      { kind: 'text', text: sentence },
      ...(wrong.length === 0 ? [] : [{ kind: 'list' as const, title: 'What to look at', items: wrong.map(told) }]),
      ...(rest.length === 0 ? [] : [{ kind: 'list' as const, items: rest.map(named) }]),
    ],
    buttons: [{ kind: 'open', label: 'Open', url: link }],
  };
}

const named = ({ source, destination, way, state, changed }: RenderedMember): string =>
  `${stateWords[state]}${changed === true ? ' (changed)' : ''}: ${source} → ${destination}${way === '' ? '' : `: ${way}`}`;

const told = (member: RenderedMember): string => `${named(member)}. ${member.sentence}`;
