import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { deedOf, type Flow, type Telling, type Told } from './chat-side.ts';
import { slackRoomOf } from './slack-side.ts';
import { teamsRoomOf } from './teams-side.ts';

/** Slack: a command, one whose address answers once, a direct message, a mention. Teams: alone, and in a channel. */
const ways = ['command', 'breaks', 'direct', 'mention', 'personal', 'channel'] as const;
export type Way = (typeof ways)[number];

export const askers = ['alice', 'bob', 'carol'] as const;

/** A line, and a click on what it was told. */
export interface ChatFlow extends Flow {
  readonly way: Way;
  readonly next: 'again' | 'show';
}

/** Each way so often. Where others read along, every other asker shows them what they were told. */
export const flowsOf = (rounds: number): readonly ChatFlow[] =>
  Array.from({ length: rounds * ways.length }, (_, number) => {
    const way = ways[number % ways.length] ?? 'command';
    const isAmongOthers = way === 'command' || way === 'mention' || way === 'channel';
    const isShown = isAmongOthers && Math.floor(number / ways.length) % 2 === 0;
    return { number, way, user: askers[number % askers.length] ?? 'alice', next: isShown ? 'show' : 'again' };
  });

export const isTeams = ({ way }: ChatFlow): boolean => way === 'personal' || way === 'channel';

export const roomOf = (flow: ChatFlow): string => (isTeams(flow) ? teamsRoomOf(flow) : slackRoomOf(flow));

export const deedsOf = (flow: ChatFlow): readonly string[] => [deedOf('line', flow), deedOf(flow.next, flow)];

/** Each destination is another, so that what is told of it is told of the flow. */
export const lineOf = ({ number }: Flow): string => `${resources.web1.id} 10.50.0.${number}:443`;

/** Whether it tells what its deed came to. */
export const isEnd = ({ deed, words, isForAll }: Telling): boolean =>
  isForAll || (deed.startsWith('show') ? /shown in|It has ended\./i : /Unreachable: web-01|It has ended\./).test(words);

/** Whether the chat took it. */
export const isDone = ({ fate }: Told): boolean => fate === undefined || fate === 'drop';
