import { type ChatSide, type Deed, deedOf, type Flow, type Sent, type SideOptions, type Telling } from './chat-side.ts';
import {
  buttonsOf,
  form,
  person,
  signed,
  type SlackCall,
  startFakeSlack,
  teamId,
  textOf,
} from '../slack/fake-slack.ts';

/** A slash command, a direct message, or a mention in a channel, which is answered by direct message. */
export type SlackWay = 'command' | 'direct' | 'mention';

export const slackRoomOf = ({ number }: Flow): string => `C0ROOM${number}`;

/** Slack, where each flow has a channel of its own, and each click in a direct message a conversation. */
export async function startSlackSide({ now, fateOf }: SideOptions, wayOf: (flow: Flow) => SlackWay) {
  const flows = new Map<number, Flow>();
  const checksOfLines = new Map<string, string>();
  const slack = await startFakeSlack({
    fateOf: (call) => {
      const telling = tellingOf(call);
      return telling && fateOf(telling);
    },
  });

  function tellingOf(call: SlackCall): Telling | undefined {
    const { method, path, body, caller = '', ts } = call;
    if (method !== 'response_url' && !method.startsWith('chat.')) return undefined;
    const deed = deedIn(call);
    const flow = flows.get(Number(deed?.split('-')[1]));
    if (deed === undefined || !flow) return undefined;
    const { channel = path } = body;
    return {
      ...{ deed, caller, words: textOf(call), isForAll: channel === slackRoomOf(flow), to: channel },
      ...{ message: ts ?? path, click: (next) => Promise.resolve(clickOn(call, flow, next)) },
      isNew: method === 'chat.postMessage' || body.replace_original === false,
    };
  }

  /** By the address or the conversation that only this deed has; else by what is said. */
  function deedIn(call: SlackCall): string | undefined {
    const check = checkIn(call);
    const deed = deedByPlace(call) ?? deedByWords(textOf(call), check);
    if (deed?.startsWith('line-') === true && check !== undefined) checksOfLines.set(deed, check);
    return deed;
  }

  /** Both deeds of a flow can tell of its destination; the line's check is there first. */
  function deedByWords(words: string, check: string | undefined): string | undefined {
    const [, shown] = /shown in (?:C0ROOM|#room-)(\d+)/.exec(words) ?? [];
    if (shown !== undefined) return `show-${shown}`;
    const [, number] = /10\.50\.0\.(\d+)/.exec(words) ?? [];
    if (number === undefined || check === undefined) return undefined;
    const line = `line-${number}`;
    return (checksOfLines.get(line) ?? check) === check ? line : `again-${number}`;
  }

  const sent = (path: string, body: string): Sent => ({
    path: `/api/chat/slack/${path}`,
    body,
    headers: () =>
      Promise.resolve({
        'content-type': path === 'events' ? 'application/json' : 'application/x-www-form-urlencoded',
        ...signed(body, { at: now() }),
      }),
  });

  const eventOf = (flow: Flow, event: object): Sent => {
    const outer = { type: 'event_callback', team_id: teamId, event_id: `Ev-${deedOf('line', flow)}` };
    return sent('events', JSON.stringify({ ...outer, event: { user: `U${flow.user}`, ...event } }));
  };

  const asking: Readonly<Record<SlackWay, (flow: Flow, text: string) => Sent>> = {
    command: (flow, text) => {
      const { number, user } = flow;
      const fields = {
        ...{ team_id: teamId, user_id: `U${user}`, user_name: user, command: '/netcheck', text },
        ...{ channel_id: slackRoomOf(flow), channel_name: `room-${number}`, trigger_id: deedOf('line', flow) },
      };
      return sent('commands', form({ ...fields, response_url: slack.responseUrl(conversationOf('line', flow)) }));
    },
    direct: (flow, text) =>
      eventOf(flow, { type: 'message', channel_type: 'im', channel: `D${conversationOf('line', flow)}`, text }),
    mention: (flow, text) =>
      eventOf(flow, { type: 'app_mention', channel: slackRoomOf(flow), text: `<@UAPP> ${text}` }),
  };

  function clickOn(call: SlackCall, flow: Flow, deed: 'again' | 'show'): Sent | undefined {
    const action = { again: 'again', show: 'share-here' }[deed];
    const button = buttonsOf(call).find(({ action_id: id }) => id === action);
    if (!button) return undefined;
    const { user } = flow;
    const own = conversationOf(deed, flow);
    const container =
      call.method === 'response_url'
        ? { channel_id: slackRoomOf(flow), message_ts: '9.1', is_ephemeral: true }
        : { channel_id: `D${own}`, message_ts: call.ts };
    const payload = {
      ...{ type: 'block_actions', trigger_id: deedOf(deed, flow), team: { id: teamId }, container, actions: [button] },
      ...{ user: { id: `U${user}`, username: user, team_id: teamId }, response_url: slack.responseUrl(own) },
    };
    return sent('interactions', form({ payload: JSON.stringify(payload) }));
  }

  return {
    settings: slack.settings,
    ask: (flow, text) => {
      flows.set(flow.number, flow);
      slack.channels.set(slackRoomOf(flow), { id: slackRoomOf(flow) });
      slack.users.set(`U${flow.user}`, person(`U${flow.user}`, `${flow.user}@contoso.example`));
      return asking[wayOf(flow)](flow, text);
    },
    linkCode: (flow) =>
      slack.calls
        .filter(({ path }) => path.endsWith(conversationOf('line', flow)))
        .map(({ body }) => /#\/link\/([\w-]+)/.exec(JSON.stringify(body))?.[1])
        .find((code) => code !== undefined),
    stop: () => slack.stop(),
  } satisfies ChatSide;
}

function deedByPlace({ method, path, body: { channel = '' } }: SlackCall): string | undefined {
  const place = method === 'response_url' ? path : channel;
  const [, own] = /((?:line|again|show)-\d+)$/.exec(place) ?? [];
  const [, room] = /^C0ROOM(\d+)$/.exec(place) ?? [];
  return own ?? (room === undefined ? undefined : `show-${room}`);
}

const conversationOf = (deed: Deed, flow: Flow): string => `${flow.user}.${deedOf(deed, flow)}`;

/** Every message of a check has a link to it. */
const checkIn = ({ body }: SlackCall): string | undefined =>
  /#\/checks\/([0-9a-f-]{36})/.exec(JSON.stringify(body))?.[1];
