import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activitySchema } from '../../src/teams/activity.ts';
import { isServiceUrl } from '../../src/teams/is-service-url.ts';
import { lineOf } from '../../src/teams/line-of.ts';
import { readActivity } from '../../src/teams/read-activity.ts';
import { parseLine } from '../../src/line/parse-line.ts';
import { goodActivity } from '../support/teams/activities.ts';

const expected = { tenantId: '11111111-1111-4111-8111-111111111111', serviceHosts: ['smba.trafficmanager.net'] };
const serviceUrl = 'https://smba.trafficmanager.net/emea/';
const read = (changes: object = {}) =>
  readActivity(
    activitySchema.parse({ ...goodActivity({ serviceUrl, tenantId: expected.tenantId }), ...changes }),
    expected,
  );

interface Naming {
  readonly of?: string | null;
  readonly channel?: object;
}

describe('An activity', () => {
  it('says who wrote what where', () => {
    expect(read()).toEqual({
      kind: 'message',
      activityId: '1700000000001',
      place: {
        ...{ serviceUrl, conversationId: 'a:1-personal', name: 'this conversation (a:1-personal)' },
        ...{ isPersonal: true, isShared: false },
      },
      writer: { objectId: 'bbbbbbbb-0000-4000-8000-000000000001', userId: '29:alice', name: 'Alice' },
      text: 'web-01 sql-01:1433',
    });
  });

  it.each<[string, object]>([
    ['of another channel', { channelId: 'webchat' }],
    ['of a channel in other letters', { channelId: 'MSTeams' }],
    ['from another host', { serviceUrl: 'https://smba.trafficmanager.net.evil.example/' }],
    ['from a port', { serviceUrl: 'https://smba.trafficmanager.net:8443/emea/' }],
    ['by plain http', { serviceUrl: 'http://smba.trafficmanager.net/emea/' }],
    [
      'of another tenant by its conversation',
      { conversation: { id: 'a:1', conversationType: 'personal', tenantId: 'x' } },
    ],
    ['of no tenant by its conversation', { conversation: { id: 'a:1', conversationType: 'personal' } }],
    ['of another tenant by its channel', { channelData: { tenant: { id: '22222222-1111-4111-8111-111111111111' } } }],
    ['of no tenant by its channel', { channelData: {} }],
    ['without a conversation', { conversation: undefined }],
    ['without a writer', { from: undefined }],
    ['of a writer without an object id', { from: { id: '29:alice', name: 'Alice' } }],
    [
      'of a writer whose only object id is what Teams calls them here',
      { from: { id: 'bbbbbbbb-0000-4000-8000-000000000001', name: 'Alice' } },
    ],
    ['of a writer whose object id is none', { from: { id: '29:alice', aadObjectId: 'alice' } }],
    ['without an id', { id: undefined }],
  ])('%s is not answered', (_what, changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it.each(['conversationUpdate', 'messageReaction', 'typing', 'messageUpdate', 'messageDelete', 'event', 'Message'])(
    'of the type %s asks for nothing',
    (type) => {
      expect(read({ type })).toEqual({ kind: 'other' });
    },
  );

  it('that others can read is not taken for a personal one', () => {
    for (const more of [
      { conversationType: 'channel' },
      { conversationType: 'groupChat' },
      {},
      { conversationType: 'personal', isGroup: true },
    ])
      expect(read({ conversation: { id: '19:a', tenantId: expected.tenantId, ...more } })).toMatchObject({
        place: { isPersonal: false },
      });
    const channelData = { tenant: { id: expected.tenantId }, channel: { id: '19:a', type: 'Shared' } };
    expect(read({ channelData })).toMatchObject({ place: { isShared: true } });
  });

  it.each([
    ['channel', '19:net@thread.tacv2;messageid=1700', {}, 'this channel (19:net@thread.tacv2)'],
    ['channel', '19:net@thread.tacv2', { channel: { name: ' ' }, of: '' }, 'this channel (19:net@thread.tacv2)'],
    ['channel', '19:net@thread.tacv2', { channel: { name: 'Network' }, of: 'Team' }, 'Network'],
    ['channel', '19:net@thread.tacv2', { channel: { name: null }, of: 'Team' }, 'Team'],
    ['groupChat', '19:a@thread.v2', {}, 'this group chat (19:a@thread.v2)'],
    ['toString', '19:a@thread.v2', {}, 'this conversation (19:a@thread.v2)'],
    [undefined, '19:a@thread.v2', { of: null }, 'this conversation (19:a@thread.v2)'],
  ])('of a place (%s, %s, %j) calls it %s', (conversationType, id, { of, channel }: Naming, name) => {
    const { tenantId } = expected;
    const channelData = { tenant: { id: tenantId }, channel };
    expect(read({ channelData, conversation: { id, tenantId, conversationType, name: of } })).toMatchObject({
      place: { name },
    });
  });

  it('of a click has what was clicked, and on which message', () => {
    expect(read({ type: 'invoke', name: 'adaptiveCard/action', value: { action: 1 }, replyToId: 'm1' })).toMatchObject({
      ...{ kind: 'action', value: { action: 1 }, cardId: 'm1' },
    });
    expect(read({ type: 'invoke', name: 'signin/tokenExchange' })).toEqual({ kind: 'other' });
  });
});

describe('A service URL', () => {
  it('is of a host of the settings, exactly', () => {
    const hosts = ['a.example', 'b.example:443', '127.0.0.1:81', '127.0.0.1:80'];
    const good = [
      'https://a.example/x',
      'https://a.example:443',
      'https://A.example/',
      'https://b.example/',
      'http://127.0.0.1:81/',
      'http://127.0.0.1/',
    ];
    const bad = [
      'http://a.example/',
      'https://a.example:444',
      'https://a.example.evil',
      'https://x.a.example',
      'https://a.example@evil/',
      'https://u@a.example/',
      'https://a.example/?x',
      'https://a.example/#x',
      'ws://a.example',
      '//a.example',
      '',
    ];
    expect(good.filter((url) => !isServiceUrl(url, hosts))).toEqual([]);
    expect(bad.filter((url) => isServiceUrl(url, hosts))).toEqual([]);
  });
});

describe('A line', () => {
  const bot = { id: '28:bot' };
  const mention = (text: string, id = bot.id, name?: string) => ({
    ...{ type: 'mention' as const, text, mentioned: { id, name } },
  });

  it.each([
    ['<at>Netcheck</at> web-01 db:443', [mention('<at>Netcheck</at>')], 'web-01 db:443'],
    ['web-01 <at>Netcheck</at>db:443', [mention('<at>Netcheck</at>')], 'web-01  db:443'],
    ['<at>a.*</at> help', [mention('<at>a.*</at>')], 'help'],
    ['<at>x</at> help', [], '<at>x</at> help'],
    ['<at>Netcheck</at> <at>Netcheck</at>', [mention('<at>Netcheck</at>')], ''],
    [
      '<at>N</at> a b:1 because <at>Ann</at> asked',
      [mention('<at>N</at>'), mention('<at>Ann</at>', '29:ann', 'Ann <B> & C')],
      'a b:1 because Ann &lt;B&gt; &amp; C asked',
    ],
    ['<at>A</at> b', [mention('<at>A</at>', '29:a', '<at>N</at>'), mention('<at>N</at>')], '&lt;at&gt;N&lt;/at&gt; b'],
  ])('%s', (text, entities, line) => {
    expect(lineOf({ text, entities, recipient: bot })).toBe(line);
  });

  it('is that of the message without the bot, whatever the bot is called', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((name) => !/[aimnosuw]/.test(name)),
        (name) => {
          const text = `<at>${name}</at>`;
          const line = lineOf({ text: `${text} info now`, entities: [mention(text)], recipient: bot });
          expect(line).toBe('info now');
        },
      ),
    );
  });

  it('undoes what Teams makes of signs and blanks', () => {
    const text = '<at>N</at>\u00a0web-01&nbsp;&quot;sql-01:1433&quot;';
    expect(parseLine(lineOf({ text, entities: [mention('<at>N</at>')], recipient: bot }))).toMatchObject({
      line: { source: 'web-01', destination: 'sql-01', port: 1433 },
    });
  });
});
