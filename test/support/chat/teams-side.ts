import { startBotService, type Written } from '../azure/bot-service.ts';
import type { Card, Execute } from '../../../src/teams/card/card.ts';
import { objectIdOf } from '../object-id-of.ts';
import { goodActivity } from '../teams/activities.ts';
import { type ChatSide, type Deed, deedOf, type Flow, type Sent, type SideOptions, type Telling } from './chat-side.ts';

/** Alone with the app, or where others read along. */
export type TeamsWay = 'personal' | 'channel';

export const teamsRoomOf = ({ number }: Flow): string => `19:room-${number}@thread.tacv2`;

interface Options extends SideOptions {
  readonly tenantId: string;
  /** What an app answers to it; `undefined` where it could not be reached. */
  readonly send: (sent: Sent) => Promise<string | undefined>;
}

/** Teams, where each deed of a flow has a conversation, or a thread of a channel, of its own. */
export async function startTeamsSide({ now, fateOf, tenantId, send }: Options, wayOf: (flow: Flow) => TeamsWay) {
  const flows = new Map<number, Flow>();
  const bots = await startBotService(now, tenantId, (call) => {
    const telling = tellingOf(call);
    return telling && fateOf(telling);
  });

  function tellingOf(call: Written): Telling | undefined {
    const { method, conversationId, activityId, caller = '', body } = call;
    const [, deed] = /((?:line|again|show)-\d+)$/.exec(conversationId) ?? [];
    const flow = flows.get(Number(deed?.split('-')[1]));
    if (deed === undefined || !flow) return undefined;
    const words = JSON.stringify(body);
    const message = method === 'PUT' && activityId !== undefined ? activityId : `sent-${bots.written.length}`;
    return {
      ...{ deed, caller, words, message, to: conversationId },
      ...{ isForAll: words.includes('Shown by'), isNew: method === 'POST' },
      click: (next) => clickOn(cardIn(call), message, flow, next),
    };
  }

  const sent = (activity: object): Sent => ({
    ...{ path: '/api/chat/teams/messages', body: JSON.stringify(activity) },
    headers: async () => ({ authorization: `Bearer ${await bots.mint()}`, 'content-type': 'application/json' }),
  });

  const activityOf = (flow: Flow, deed: Deed, more: object): Sent =>
    sent({
      ...goodActivity({ serviceUrl: bots.serviceUrl, tenantId }),
      ...{ id: deedOf(deed, flow), from: fromOf(flow.user), ...placeOf(flow, deed), ...more },
    });

  function placeOf(flow: Flow, deed: Deed): object {
    const name = deedOf(deed, flow);
    if (wayOf(flow) === 'personal')
      return { conversation: { id: `a:${flow.user}.${name}`, conversationType: 'personal', tenantId } };
    const id = teamsRoomOf(flow);
    return {
      conversation: { id: `${id};messageid=${name}`, conversationType: 'channel', isGroup: true, tenantId },
      channelData: { tenant: { id: tenantId }, channel: { id, name: `room-${flow.number}` } },
    };
  }

  const press = (flow: Flow, deed: Deed, { verb, data }: Pick<Execute, 'verb' | 'data'>, more: object = {}): Sent =>
    activityOf(flow, deed, {
      ...{ type: 'invoke', name: 'adaptiveCard/action', text: undefined, ...more },
      value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
    });

  /** What one person sees of a card: Teams asks for it where the card says so. */
  async function seenBy(user: string, card: Card, flow: Flow): Promise<Card | undefined> {
    if (!card.refresh) return card;
    const answer = await send(press({ ...flow, user }, 'line', card.refresh.action));
    return answer === undefined ? undefined : (JSON.parse(answer) as { value?: Card }).value;
  }

  async function clickOn(card: Card, message: string, flow: Flow, deed: 'again' | 'show'): Promise<Sent | undefined> {
    const title = { again: 'Check again', show: 'Show here' }[deed];
    const seen = deed === 'again' ? await seenBy(flow.user, card, flow) : card;
    const button = seen?.actions?.find((each) => each.type === 'Action.Execute' && each.title === title);
    return button?.type === 'Action.Execute' ? press(flow, deed, button, { replyToId: message }) : undefined;
  }

  return {
    settings: bots.settings,
    ask: (flow, text) => {
      flows.set(flow.number, flow);
      return activityOf(flow, 'line', { text });
    },
    linkCode: (flow) =>
      bots.written
        .filter(({ conversationId }) => conversationId.endsWith(`.${deedOf('line', flow)}`))
        .map(({ body }) => /#\/link\/([\w-]+)/.exec(JSON.stringify(body))?.[1])
        .find((code) => code !== undefined),
    /** The words of what this person sees where all see that a deed has ended. */
    seenIn: async (deed: string, user: string, flow: Flow): Promise<string> => {
      const last = bots.written.findLast(({ conversationId }) => conversationId.endsWith(`=${deed}`));
      return JSON.stringify(last && (await seenBy(user, cardIn(last), flow)));
    },
    stop: () => bots.stop(),
  } satisfies ChatSide & Record<string, unknown>;
}

const fromOf = (user: string) => ({ id: `29:${user}`, name: user, aadObjectId: objectIdOf(user) });

const cardIn = ({ body }: Written): Card => (body as { attachments: [{ content: Card }] }).attachments[0].content;
