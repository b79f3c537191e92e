import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { buttonsOf, signed, teamId, textOf } from '../support/slack/fake-slack.ts';
import { accepted, done, policyOf } from '../support/memory/memory-proxy.ts';
import { keptWords } from '../../src/chat/request.ts';
import { share, showIn, unshare } from '../../src/check/share/share.ts';
import { Problem } from '../../src/contract/problem.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { sampleCaller, tenantId } from '../support/samples.ts';
import { slackWorld } from './slack-world.ts';

const line =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-01 10.1.2.4:1433';

/** A result with a hop in between. */
const withPath = {
  ...done,
  body: JSON.stringify({
    hops: [
      { type: 'Source', id: 'a', address: '10.1.1.4', resourceId: line.split(' ')[0], nextHopIds: ['b'] },
      { type: 'VirtualAppliance', id: 'b', address: '10.9.9.9', nextHopIds: ['c'] },
      { type: 'VirtualMachine', id: 'c', address: '10.1.2.4', nextHopIds: [] },
    ],
    connectionStatus: 'Reachable',
    probesSent: 100,
    probesFailed: 0,
  }),
};

/** Slack shows nothing of its own below a link. */
const quiet = { unfurl_links: false, unfurl_media: false };

let world: Awaited<ReturnType<typeof slackWorld>>;
const begin = async (...given: Parameters<typeof slackWorld>) => (world = await slackWorld(...given));
afterEach(() => world.stop());

describe('a slash command', () => {
  it('is acknowledged at once, answered to its asker alone, and its end replaces the first answer', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    const ack = await world.send('commands', world.commandOf('alice', line));
    expect([ack.status, ack.json]).toEqual([200, { response_type: 'ephemeral', text: expect.any(String) }]);
    expect(world.said()).toEqual([]);
    await world.drain();
    const [first, last] = world.said();
    expect(world.said()).toHaveLength(2);
    expect([first?.method, last?.method]).toEqual(['response_url', 'response_url']);
    expect(last?.body).toMatchObject({ response_type: 'ephemeral', replace_original: true, ...quiet });
    expect(textOf(first!)).toContain('waits for Azure');
    expect(textOf(last!)).toContain('Reachable');
    const [{ requester } = {}] = world.events('requested');
    const id = `${tenantId}/${objectIdOf('alice')}`;
    expect(requester).toMatchObject({ id, kind: 'user', via: 'slack', agent: `slack/${teamId}/Ualice` });
  });

  it('that comes again, however often, is one check', async () => {
    await begin();
    await world.linkOf('alice');
    const body = world.commandOf('alice', line);
    const answers = await Promise.all(Array.from({ length: 40 }, () => world.send('commands', body)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await world.drain();
    expect((await world.send('commands', body)).status).toBe(200);
    await world.drain();
    expect(world.events('requested')).toHaveLength(1);
    expect(world.proxy.store.rows()).toHaveLength(1);
  });

  it('of somebody who is not linked is told how to link, and nothing else', async () => {
    await begin();
    for (const text of [line, 'help', 'me', 'list', 'nonsense', 'show 12345678']) {
      await world.send('commands', world.commandOf('mallory', text));
      await world.drain();
      expect(world.lastSaid().words).toContain('linked with nobody, or its link is over: write "/netcheck link"');
      expect(world.lastSaid().words).not.toMatch(/web-01|alice|such check/);
    }
    expect(world.proxy.audit.events()).toEqual([]);
  });

  it('is answered by direct message where its address does not answer', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    world.slack.down.responseUrl = true;
    await world.send('commands', world.commandOf('alice', line));
    await world.drain();
    const direct = world.said().filter(({ method }) => method !== 'response_url');
    expect(direct.map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.update']);
    expect(direct[0]?.body.channel).toBe('Ualice');
    expect(textOf(direct[1]!)).toContain('Reachable');
  });

  it('in a direct message is of no room, and nothing is to be shown there', async () => {
    await begin();
    await world.linkOf('alice');
    const where = { channel_id: 'Dalice', channel_name: 'directmessage' };
    await world.send('commands', world.commandOf('alice', line, where));
    expect(world.requests.rows().at(-1)?.request).not.toHaveProperty('room');
    await world.drain();
    const actions = buttonsOf(world.lastSaid()).map(({ action_id: id }) => id);
    expect([actions.includes('again'), actions.includes('share-here')]).toEqual([true, false]);
  });

  it.each([
    ['network', '#network'],
    ['privategroup', undefined],
    ['directmessage', undefined],
    ['mpdm-alice--bob-1', undefined],
    ['', undefined],
  ])('in what Slack calls %j names its room %j', async (called, name) => {
    await begin();
    await world.send('commands', world.commandOf('alice', line, { channel_name: called }));
    const room = { id: 'C0NET', ...(name !== undefined && { name }) };
    expect(world.requests.rows().map(({ request }) => request.room)).toEqual([room]);
  });

  it('keeps its address until the end, or for less than half an hour, and shows it nowhere', async () => {
    await begin({ begin: [accepted], poll: [{ ...accepted }, done] });
    await world.linkOf('alice');
    const body = world.commandOf('alice', line);
    const url = new URLSearchParams(body).get('response_url')!;
    await world.send('commands', body);
    const kept = () => world.requests.rows().filter(({ answerUrl }) => answerUrl !== undefined);
    expect(kept().map(({ answerUrl }) => answerUrl)).toEqual([url]);
    expect(JSON.stringify(world.requests.rows().map(({ request }) => request))).not.toContain(url);
    await world.drain();
    expect(kept()).toEqual([]);
    const seen = [world.log, world.proxy.audit.events(), world.proxy.store.rows(), world.chatQueue.sent];
    expect(JSON.stringify(seen)).not.toContain('/commands/');
  });
});

describe('what Slack sends', () => {
  const button = { action_id: 'again', value: JSON.stringify({ check: '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f' }) };
  const ephemeral = { type: 'message', channel_id: 'C0NET', message_ts: '9.1', is_ephemeral: true };
  /** A good request to each route. */
  const goodOf = {
    commands: (more: Readonly<Record<string, string>> = {}) => world.commandOf('alice', line, more),
    interactions: (more: object = {}) => world.clickOf('alice', button, ephemeral, more),
    events: (more: object = {}) => world.mentionOf('alice', line, more),
  };
  const paths = ['commands', 'interactions', 'events'] as const;

  async function expectRefused(path: string, sent: readonly [string, Record<string, string>?][]) {
    for (const [index, [body, headers]] of sent.entries()) {
      const answer = await world.send(path, body, headers);
      expect([index, answer.status, answer.text]).toEqual([index, 401, '']);
    }
    await world.drain();
    expect([world.requests.rows(), world.chatQueue.sent]).toEqual([[], []]);
  }

  it.each(paths)('to %s is refused without a body where it is not signed as Slack would sign it now', async (path) => {
    await begin();
    const body = goodOf[path]();
    const now = world.proxy.now();
    const at = (seconds: number) => signed(body, { at: new Date(now.getTime() + seconds * 1000) });
    const good = signed(body, { at: now });
    const { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp } = good;
    const since = (text: string) => ({ ...good, 'x-slack-request-timestamp': text });
    const by = (text: string) => ({ ...good, 'x-slack-signature': text });
    await expectRefused(path, [
      [`${body}&x=1`, good],
      [` ${body}`, good],
      [`${body}\n`, good],
      [body.replace('alice', 'mallo'), good],
      [body.slice(0, -1), good],
      ['', good],
      [`${body}&ssl_check=1`, good],
      ...(path === 'commands' ? [] : [['ssl_check=1&token=t', {}] satisfies [string, object]]),
      [body, at(-301)],
      [body, at(301)],
      [body, at(-86_400)],
      [body, at(86_400 * 365)],
      [body, since(String(Number(timestamp) + 1))],
      [body, since('')],
      [body, since(`${timestamp}.0`)],
      [body, since(`${timestamp}000`)],
      [body, since('NaN')],
      [body, { 'x-slack-signature': signature }],
      [body, { 'x-slack-request-timestamp': timestamp }],
      [body, {}],
      [body, by(signature.slice(0, -1))],
      [body, by(signature.slice(0, 5))],
      [body, by(signature.slice(3))],
      [body, by(signature.replace('v0', 'v1'))],
      [body, by(signature.toUpperCase())],
      [body, by(`${signature}, ${signature}`)],
      [body, by('v0=')],
      [body, signed(body, { at: now, secret: 'another-signing-secret' })],
    ]);
    for (const seconds of [-300, 300]) expect((await world.send(path, body, at(seconds))).status).toBe(200);
  });

  it.each(paths)(
    'to %s is refused without a body where it is signed and not of this workspace, or too long',
    async (path) => {
      await begin();
      const without = (name: string) => {
        const form = new URLSearchParams(goodOf.commands());
        form.delete(name);
        return form.toString();
      };
      const urls = [
        'https://hooks.slack.com.example/commands/1',
        'http://hooks.slack.com/commands/1',
        'https://hooks.slack.com:8443/commands/1',
        'https://evil.example/commands/1',
        'http://169.254.169.254/',
        'https://user@hooks.slack.com/',
        'https://hooks.slack.com@evil.example/',
        'no url',
      ];
      const bodies = {
        commands: [
          goodOf.commands({ team_id: 'T0OTHER' }),
          ...['team_id', 'trigger_id', 'user_id'].map(without),
          ...urls.map((url) => goodOf.commands({ response_url: url })),
          goodOf.commands({ text: 'x'.repeat(300_000) }),
        ],
        interactions: [
          goodOf.interactions({ team: { id: 'T0OTHER' } }),
          goodOf.interactions({ team: undefined }),
          goodOf.interactions({ user: { id: 'Ualice', team_id: 'T0OTHER' } }),
          goodOf.interactions({ user: undefined }),
          ...urls.map((url) => goodOf.interactions({ response_url: url })),
          goodOf.interactions({ filler: 'x'.repeat(300_000) }),
          'payload=',
        ],
        events: [
          goodOf.events({ team_id: 'T0OTHER' }),
          goodOf.events({ team_id: undefined }),
          goodOf.events({ event_id: undefined }),
          goodOf.events({ type: 'unknown' }),
          goodOf.events({ filler: 'x'.repeat(300_000) }),
          `${goodOf.events()}x`,
        ],
      };
      await expectRefused(
        path,
        bodies[path].map((body) => [body]),
      );
    },
  );

  it('is signed over its bytes as they came, whatever they are as text', async () => {
    await begin();
    const body = Buffer.concat([Buffer.from(goodOf.commands()), Buffer.from('&x=\u{ef}\u{bb}\u{bf}\u{ff}', 'latin1')]);
    const asText = signed(body.toString(), { at: world.proxy.now() });
    expect((await world.send('commands', body, asText)).status).toBe(401);
    expect((await world.send('commands', body)).status).toBe(200);
  });

  it.each(['commands', 'interactions'] as const)('to %s may be answered where Slack itself has it', async (path) => {
    await begin();
    world.deps.slack.apiUrl = 'https://slack.com/api';
    const url = `https://hooks.slack.com/${path}/T0TEAM0001/1/x`;
    expect((await world.send(path, goodOf[path]({ response_url: url }))).status).toBe(200);
    expect(world.requests.rows().map(({ answerUrl }) => answerUrl)).toEqual([url]);
  });

  it('may be signed with any of the secrets while one is rotated', async () => {
    await begin();
    world.deps.slack.signingSecrets = ['first-of-the-secrets', 'second-of-the-secrets'];
    const by = (secret: string) => {
      const body = goodOf.commands();
      return world.send('commands', body, signed(body, { at: world.proxy.now(), secret }));
    };
    for (const secret of ['first-of-the-secrets', 'second-of-the-secrets']) expect((await by(secret)).status).toBe(200);
    expect((await by('first-of-the-secrets,second-of-the-secrets')).status).toBe(401);
  });

  it.each(paths)('to %s again, as Slack sends what it takes for lost, is one request', async (path) => {
    await begin();
    const body = goodOf[path]();
    for (const retry of ['0', '1', '2', '3']) {
      const headers = { ...signed(body, { at: world.proxy.now() }), 'x-slack-retry-num': retry };
      const reason = { 'x-slack-retry-reason': 'http_timeout' };
      expect((await world.send(path, body, { ...headers, ...reason })).status).toBe(200);
      world.proxy.advance(60);
    }
    expect(world.requests.rows()).toHaveLength(1);
  });

  it('is refused with a line in the log that says which setting it does not fit', async () => {
    await begin();
    const body = world.commandOf('alice', line);
    await world.send('commands', body, signed(body, { at: world.proxy.now(), secret: 'another-signing-secret' }));
    expect(world.log.at(-1)).toContain('SLACK_SIGNING_SECRET');
    await world.send('commands', world.commandOf('alice', line, { team_id: 'T0OTHER' }));
    expect(world.log.at(-1)).toContain('SLACK_TEAM_ID');
    expect(world.log.join()).not.toMatch(/commands\/|T0OTHER|alice/);
  });

  it('is not there where Slack is not set up', async () => {
    await begin();
    const { slackCommands } = await import('../../src/http/chat/slack.ts');
    const handler = slackCommands({ ...world.deps, slack: undefined });
    const { HttpRequest } = await import('@azure/functions');
    const request = new HttpRequest({ method: 'POST', url: 'https://host.example/', body: { string: 'x' } });
    expect(await handler(request, world.contextOf())).toMatchObject({ status: 404 });
  });

  it('is a challenge that is answered, or a look at the certificate', async () => {
    await begin();
    const challenge = await world.send('events', JSON.stringify({ type: 'url_verification', challenge: 'c1' }));
    expect([challenge.status, challenge.json]).toEqual([200, { challenge: 'c1' }]);
    expect((await world.send('commands', 'ssl_check=1&token=t', {})).status).toBe(200);
  });

  it('leaves bots, changed messages and those of another organisation alone', async () => {
    await begin();
    await world.linkOf('alice');
    const odd = [
      world.mentionOf('alice', line, {}, { bot_id: 'B1' }),
      world.mentionOf('alice', line, {}, { subtype: 'message_changed' }),
      world.mentionOf('alice', line, {}, { user: undefined }),
      world.mentionOf('alice', line, {}, { user_team: 'T0OTHER' }),
      world.mentionOf('alice', line, {}, { team: 'T0OTHER' }),
      // It comes as a message, too.
      world.mentionOf('alice', line, {}, { channel: 'Dalice' }),
      world.mentionOf('alice', line, {}, { type: 'message', channel_type: 'channel' }),
      world.mentionOf('alice', line, {}, { type: 'reaction_added' }),
    ];
    for (const body of odd) expect((await world.send('events', body)).status).toBe(200);
    expect((await world.send('events', world.mentionOf('alice', line, { team_id: 'T0OTHER' }))).status).toBe(401);
    expect(world.chatQueue.sent).toEqual([]);
  });
});

describe('a mention and a direct message', () => {
  it('are answered by direct message, which the end changes', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    await world.send('events', world.mentionOf('alice', line));
    await world.drain();
    expect(world.said().map(({ method, body }) => [method, body.channel])).toEqual([
      ['chat.postMessage', 'Ualice'],
      ['chat.update', 'Dalice'],
    ]);
    expect(world.said()[0]?.body).toMatchObject(quiet);
    const show = buttonsOf(world.lastSaid()).find(({ action_id: id }) => id === 'share-here');
    expect(show?.text).toMatchObject({ text: 'Show in this channel' });
    await world.send('events', world.directOf('alice', line));
    await world.drain();
    expect(world.lastSaid()).toMatchObject({ method: 'chat.update', body: { channel: 'Dalice' } });
    expect(buttonsOf(world.lastSaid()).map(({ action_id: id }) => id)).not.toContain('share-here');
  });

  it('may name the app anywhere in the line, and is that of the message’s own app alone', async () => {
    await begin();
    await world.linkOf('alice');
    const authorizations = [{ team_id: teamId, user_id: 'UAPP', is_bot: true }];
    const send = async (text: string, more: object = { authorizations }) => {
      await world.send('events', world.mentionOf('alice', '', more, { text }));
      await world.drain();
      return world.lastSaid().words;
    };
    for (const text of [`${line} <@UAPP>`, `${line} <@UAPP> because of INC-1`, `\n<@UAPP>  ${line}`])
      expect(await send(text)).toContain('Reachable');
    expect(world.events('requested')).toHaveLength(3);
    expect(await send(`${line} <@UBOB>`)).toContain('"@UBOB" is too much');
    expect(await send(`${line} <@UAPP>`, { authorizations: [{ user_id: 5 }, null] })).toContain('"@UAPP" is too much');
    expect(world.events('requested')).toHaveLength(3);
  });

  it('of two people in one channel come each with their own rights, and neither sees the other’s answer', async () => {
    const ids = [`${tenantId}/${objectIdOf('alice')}`];
    await begin({}, { policy: policyOf([{ id: 'alice', effect: 'allow', requesters: { ids } }]) });
    await world.linkOf('alice');
    await world.linkOf('bob');
    for (const user of ['alice', 'bob']) {
      await world.send('events', world.mentionOf(user, line));
      await world.drain();
    }
    const to = (user: string) => world.said().filter(({ body }) => body.channel?.slice(1) === user);
    expect(textOf(to('alice').at(-1)!)).toContain('Reachable');
    expect(textOf(to('bob').at(-1)!)).toContain('Refused');
    expect(world.said()).toHaveLength(to('alice').length + to('bob').length);
  });
});

describe('a click', () => {
  const ephemeral = { type: 'message', channel_id: 'C0NET', message_ts: '9.1', is_ephemeral: true };
  const direct = { type: 'message', channel_id: 'Dalice', message_ts: '9.2' };
  const shown = { type: 'message', channel_id: 'C0NET', message_ts: '9.3' };

  async function withResult(...given: Parameters<typeof slackWorld>) {
    await begin(...given);
    await world.linkOf('alice');
    await world.linkOf('bob');
    await world.send('commands', world.commandOf('alice', line));
    await world.drain();
    const buttons = buttonsOf(world.lastSaid());
    world.slack.calls.length = 0;
    /** With all that the worker does then, or only the first steps of it. */
    const click = async (user: string, action: string, container: object, steps?: number) => {
      const button = buttons.find(({ action_id: id }) => id === action) ?? { ...buttons[0], action_id: action };
      const answer = await world.send('interactions', world.clickOf(user, button, container));
      await world.drain(steps).catch((error: unknown) => {
        if (steps === undefined) throw error;
      });
      return answer;
    };
    return { click };
  }

  it('that asks again is a new check of its clicker’s, answered in place of what they alone see', async () => {
    const { click } = await withResult({ begin: [done] });
    expect((await click('alice', 'again', ephemeral)).status).toBe(200);
    const [first, second] = world.proxy.store.rows();
    expect(second?.rerunOf).toBe(first?.id);
    expect(world.lastSaid()).toMatchObject({ method: 'response_url', body: { replace_original: true } });
    expect(world.lastSaid().words).toContain('Reachable');
  });

  it('on what all see is answered to its clicker by direct message, and changes nothing that all see', async () => {
    const { click } = await withResult();
    for (const action of ['again', 'path', 'cancel', 'share-here']) await click('alice', action, shown);
    const told = world.said().filter(({ body }) => body.channel !== 'C0NET');
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.every(({ method }) => method.startsWith('chat.'))).toBe(true);
    expect(told.every(({ body }) => ['Ualice', 'Dalice'].includes(body.channel ?? ''))).toBe(true);
  });

  it('on what all see in a channel can be shown there, in the name of its clicker', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    const { id } = world.proxy.store.rows()[0]!;
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await world.drain();
    await click('alice', 'share-here', ephemeral);
    const again = buttonsOf(world.said().find(({ body }) => body.channel === 'C0NET')!)[0]!;
    expect(JSON.parse(again.value!)).toEqual({ check: id });
    world.slack.calls.length = 0;
    await world.send('interactions', world.clickOf('bob', again, shown));
    await world.drain();
    expect(world.lastSaid()).toMatchObject({ method: 'chat.update', body: { channel: 'Dbob' } });
    expect(world.lastSaid().words).toContain('You asked in C0NET.');
    const show = buttonsOf(world.lastSaid()).find(({ action_id: action }) => action === 'share-here')!;
    await world.send('interactions', world.clickOf('bob', show, { ...direct, channel_id: 'Dbob' }));
    await world.drain();
    expect(world.events('shared').at(-1)).toMatchObject({
      channel: `slack/${teamId}/C0NET`,
      requester: { name: 'bob' },
      checkId: world.proxy.store.rows()[1]?.id,
    });
  });

  it('of somebody else is theirs: they neither end the check, nor show it, nor read it', async () => {
    const { click } = await withResult({ begin: [accepted], poll: [done] });
    for (const action of ['again', 'cancel', 'path', 'share-here']) {
      await click('bob', action, ephemeral);
      expect(world.lastSaid().words).toContain('There is no check of that id');
    }
    expect(world.events('canceled')).toEqual([]);
    expect(world.events('shared')).toEqual([]);
  });

  it('shows a check in the channel where it was asked for, whole, and audited before it is seen', async () => {
    const { click } = await withResult({ begin: [withPath] });
    const { id } = world.proxy.store.rows()[0]!;
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await world.drain();
    const { sharedWith } = world.proxy.store.rows()[0]!;
    expect(sharedWith).toBeDefined();
    world.slack.calls.length = 0;
    world.slack.channels.set('C0NET', { id: 'C0NET', is_ext_shared: false });
    await click('alice', 'share-here', ephemeral);
    const post = world.said().find(({ method }) => method === 'chat.postMessage');
    expect(post?.body).toMatchObject({ channel: 'C0NET', ...quiet });
    for (const told of ['Shown by alice', 'Reachable', '2 ● 10.9.9.9 (VirtualAppliance)', 'Asked by: alice'])
      expect(textOf(post!)).toContain(told);
    // Until when others may read it is told to its requester alone.
    expect(textOf(post!)).not.toContain('Shared until');
    expect(world.events('shared').slice(1)).toMatchObject([
      { channel: `slack/${teamId}/C0NET`, requester: { name: 'alice', via: 'slack' } },
    ]);
    expect(world.proxy.store.rows()[0]?.sharedWith).toEqual(sharedWith);
    // The result that its asker sees stays.
    expect(world.lastSaid()).toMatchObject({ method: 'response_url', body: { replace_original: false } });
  });

  const inChannel = () => world.said().filter(({ body }) => body.channel === 'C0NET');

  it.each(['fail', 'drop'] as const)(
    'that shows a check tells its clicker to look where Slack does not say whether it was shown: %s',
    async (fate) => {
      const { click } = await withResult({}, {}, ({ method, body }) =>
        method === 'chat.postMessage' && body.channel === 'C0NET' ? fate : undefined,
      );
      world.slack.channels.set('C0NET', { id: 'C0NET' });
      await click('alice', 'share-here', ephemeral);
      expect(inChannel()).toHaveLength(1);
      expect(world.lastSaid()).toMatchObject({ method: 'response_url', body: { replace_original: false } });
      expect(world.lastSaid().words).toContain('may not have been shown in');
    },
  );

  it('that showed a check tells so once Slack takes it, and shows nothing again', async () => {
    let left = 2;
    const { click } = await withResult({}, {}, (call) =>
      textOf(call).includes('Shown in') && left-- > 0 ? 'fail' : undefined,
    );
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    await click('alice', 'share-here', ephemeral);
    expect(left).toBeLessThan(0);
    expect(inChannel()).toHaveLength(1);
    expect(world.events('shared')).toHaveLength(1);
    expect(world.lastSaid().words).toContain('Shown in #network.');
    expect(world.said().filter((call) => textOf(call).includes('Reachable'))).toEqual(inChannel());
  });

  it('shows a check twice at most, however often the app ends before it has noted that', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    const { replace } = world.requests;
    const noteNothing = { replace: (...[stored, next]: Parameters<typeof replace>) => noted(stored, next) };
    const noted: typeof replace = (stored, next) => {
      // The claim of a step is written, and nothing behind it.
      if (next.request.tries > stored.request.tries) return replace(stored, next);
      throw new Error('The process is gone.');
    };
    Object.assign(world.requests, noteNothing);
    await click('alice', 'share-here', ephemeral);
    for (let end = 0; end < 4; end++) {
      world.proxy.advance(1900);
      await world.sweep();
      await world.drain();
    }
    Object.assign(world.requests, { replace });
    world.proxy.advance(1900);
    await world.sweep();
    await world.drain();
    expect(inChannel()).toHaveLength(2);
    expect(world.events('shared')).toHaveLength(2);
    expect(world.lastSaid().words).toContain('may not have been shown in');
    expect(world.requests.rows().every(({ request }) => request.state === 'over')).toBe(true);
  });

  const isShared = 'is shared with another organisation';
  it.each<readonly [string, object | undefined, string]>([
    ['is shared with another organisation', { is_ext_shared: true }, isShared],
    ['is about to be', { is_pending_ext_shared: true }, isShared],
    ['is shared, and not within the organisation', { is_shared: true }, isShared],
    ['cannot be seen by the app', undefined, 'invite it to the channel'],
    ['Slack says nothing of, because the app lacks a permission', { error: 'missing_scope' }, 'Slack does not say now'],
  ])('shows nothing in a channel that %s', async (_, channel, why) => {
    const { click } = await withResult();
    if (channel) world.slack.channels.set('C0NET', { id: 'C0NET', ...channel });
    await click('alice', 'share-here', ephemeral);
    expect(world.lastSaid().words).toContain(why);
    expect(world.said().filter(({ body }) => body.channel === 'C0NET' || body.response_type === 'in_channel')).toEqual(
      [],
    );
    expect(world.events('shared')).toEqual([]);
  });

  it.each<readonly [string, string, readonly (readonly string[])[]]>([
    ['is no member', 'You are no member of #network', [['Ubob'], ['Ucarol']]],
    ['is not found among very many', 'too many members', Array(30).fill(['Ubob'])],
  ])('shows nothing where its clicker %s', async (_, why, members) => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    world.slack.members.set('C0NET', members);
    await click('alice', 'share-here', ephemeral);
    expect(world.lastSaid().words).toContain(why);
    expect(world.said().filter(({ body }) => body.channel === 'C0NET')).toEqual([]);
    expect(world.events('shared')).toEqual([]);
  });

  it.each<readonly [string, readonly (readonly string[])[] | undefined]>([
    ['is on the last page of the members', [['Ubob'], ['Ucarol'], ['Ualice']]],
    ['was given it there, and Slack does not say who is there', undefined],
  ])('shows a check where its clicker %s', async (_, members) => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    if (members) world.slack.members.set('C0NET', members);
    else world.slack.failing.add('conversations.members');
    await click('alice', 'share-here', ephemeral);
    expect(world.events('shared')).toHaveLength(1);
  });

  it('shows it in a channel that is shared within the organisation', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET', is_shared: true, is_org_shared: true });
    await click('alice', 'share-here', ephemeral);
    expect(world.said().filter(({ body }) => body.channel === 'C0NET')).toHaveLength(1);
    expect(world.events('shared')).toHaveLength(1);
  });

  it('says why nothing is shown, also where that could not be told at once', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET', is_ext_shared: true });
    world.slack.failing.add('chat.postMessage');
    world.slack.down.responseUrl = true;
    await click('alice', 'share-here', ephemeral, 4);
    expect(world.requests.rows().at(-1)?.request.tries).toBeGreaterThan(2);
    world.slack.down.responseUrl = false;
    await world.drain();
    expect(world.lastSaid()).toMatchObject({ method: 'response_url' });
    expect(world.lastSaid().words).toContain('is shared with another organisation');
  });

  it('shows nothing while Slack does not say who reads there', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    world.slack.failing.add('conversations.info');
    await click('alice', 'share-here', ephemeral);
    expect(world.lastSaid().words).toContain('Slack does not say now who reads in #network');
    expect(world.said().filter(({ body }) => body.channel === 'C0NET' || body.response_type === 'in_channel')).toEqual(
      [],
    );
    expect(world.events('shared')).toEqual([]);
  });

  it('shows it by the address of the click where the app may not write, and there alone', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    world.slack.refusals.set('chat.postMessage', 'not_in_channel');
    await click('alice', 'share-here', ephemeral);
    const shown = () => world.said().filter(({ body }) => body.response_type === 'in_channel');
    expect(shown()).toMatchObject([{ method: 'response_url', body: { replace_original: false, ...quiet } }]);
    expect(textOf(shown()[0]!)).toContain('Shown by alice');
    await click('alice', 'share-here', { ...ephemeral, channel_id: 'C0OTHER' });
    expect(shown()).toHaveLength(1);
  });

  it('shows nothing by the address of the click where nobody knows whether it was shown already', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    world.slack.failing.add('chat.postMessage');
    await click('alice', 'share-here', ephemeral);
    expect(world.said().filter(({ body }) => body.response_type === 'in_channel')).toEqual([]);
    expect(world.lastSaid().words).toContain('It may not have been shown in #network');
  });

  it('shows it once where nobody knows whether it was shown, and that could not be told at once', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    world.slack.failing.add('chat.postMessage');
    world.slack.down.responseUrl = true;
    await click('alice', 'share-here', ephemeral, 4);
    world.slack.down.responseUrl = false;
    await world.drain();
    expect(world.said().filter(({ body }) => body.channel === 'C0NET')).toHaveLength(1);
    expect(world.events('shared')).toHaveLength(1);
    expect(world.lastSaid().words).toContain('It may not have been shown in #network');
  });

  it('asks policy again before it shows', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    Object.assign(world.deps.policy, policyOf([{ id: 'none', effect: 'deny', reason: 'closed now' }]));
    try {
      await click('alice', 'share-here', ephemeral);
    } finally {
      Object.assign(world.deps.policy, policyOf([{ id: 'all', effect: 'allow' }]));
    }
    expect(world.lastSaid().words).toContain('closed now');
    expect(world.events('shared')).toEqual([]);
  });

  it('that comes to nothing leaves the result where it was, and says why beside it', async () => {
    const { click } = await withResult();
    const { value } = (await world.ask('GET /api/chat/links')).json as { value?: readonly { id: string }[] };
    await world.ask(`DELETE /api/chat/links/${value?.[0]?.id ?? ''}`);
    for (const action of ['again', 'path']) {
      await click('alice', action, ephemeral);
      expect(world.lastSaid()).toMatchObject({ method: 'response_url', body: { replace_original: false } });
      await click('alice', action, direct);
      expect(world.lastSaid()).toMatchObject({ method: 'chat.postMessage', body: { channel: 'Dalice' } });
      expect(world.lastSaid().words).toContain('linked with nobody');
    }
    expect(world.said().filter(({ method }) => method === 'chat.update')).toEqual([]);
  });

  it('whose link ends while its check runs replaces what was told first', async () => {
    await begin({ begin: [accepted], poll: [accepted] });
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    const [button] = buttonsOf(world.lastSaid());
    world.chatQueue.sent.length = 0;
    await world.send('interactions', world.clickOf('alice', { ...button, action_id: 'again' }, ephemeral));
    const again = world.chatQueue.sent.shift()!;
    await world.job({ chatId: again.chatId }, world.contextOf());
    expect(world.lastSaid()).toMatchObject({ body: { replace_original: true } });
    expect(world.lastSaid().words).toContain('Waiting');
    const { value } = (await world.ask('GET /api/chat/links')).json as { value?: readonly { id: string }[] };
    await world.ask(`DELETE /api/chat/links/${value?.[0]?.id ?? ''}`);
    await world.drain();
    expect(world.lastSaid().words).toContain('linked with nobody');
    expect(world.lastSaid()).toMatchObject({ method: 'response_url', body: { replace_original: true } });
  });

  it('shows no path that leads through what policy denies now', async () => {
    const { click } = await withResult({ begin: [withPath] });
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    const rules = [
      { id: 'all', effect: 'allow' },
      { id: 'no', effect: 'deny', destinations: ['10.9.9.0/24'] },
    ];
    Object.assign(world.deps.policy, policyOf(rules));
    try {
      await click('alice', 'share-here', ephemeral);
    } finally {
      Object.assign(world.deps.policy, policyOf([{ id: 'all', effect: 'allow' }]));
    }
    expect(world.lastSaid().words).toContain('leads through what policy denies now');
    expect(world.said().filter(({ body }) => body.channel === 'C0NET')).toEqual([]);
    expect(world.events('shared')).toEqual([]);
  });

  it('shows nothing of another’s, though they share it: not by a button, nor by a click that has it', async () => {
    const { click } = await withResult();
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    const { id } = world.proxy.store.rows()[0]!;
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await world.send('commands', world.commandOf('bob', `show ${id}`));
    await world.drain();
    expect(world.lastSaid().words).toContain('Reachable');
    expect(buttonsOf(world.lastSaid()).map(({ action_id: action }) => action)).toEqual(['again', 'open-1']);
    const before = world.events('shared').length;
    await click('bob', 'share-here', ephemeral);
    expect(world.lastSaid().words).toContain('There is no check of that id');
    expect(world.said().filter(({ body }) => body.channel === 'C0NET')).toEqual([]);
    expect(world.events('shared')).toHaveLength(before);
  });

  it('that asks again in a direct message is a new message: the former result stays', async () => {
    const { click } = await withResult({ begin: [done] });
    await click('alice', 'again', direct);
    expect(world.said()[0]).toMatchObject({ method: 'chat.postMessage', body: { channel: 'Dalice' } });
    expect(world.said().map(({ body }) => body.ts)).not.toContain(direct.message_ts);
    expect(world.lastSaid().words).toContain('Reachable');
  });

  it('in a direct message whose change fails is tried again, and not written anew', async () => {
    const { click } = await withResult();
    world.slack.failing.add('chat.update');
    await click('alice', 'path', direct, 1);
    world.slack.failing.clear();
    await world.drain();
    expect(world.said().map(({ method, body }) => [method, body.ts])).toEqual([
      ['chat.update', '9.2'],
      ['chat.update', '9.2'],
    ]);
  });

  it('in a direct message changes that message', async () => {
    const { click } = await withResult();
    await click('alice', 'path', direct);
    expect(world.lastSaid()).toMatchObject({ method: 'chat.update', body: { channel: 'Dalice', ts: '9.2' } });
  });

  it('of somebody who may not ask for checks any more comes to nothing', async () => {
    const { click } = await withResult();
    await world.linkOf('alice', { roles: [] });
    world.slack.channels.set('C0NET', { id: 'C0NET' });
    for (const action of ['again', 'cancel', 'path', 'share-here']) {
      await click('alice', action, ephemeral);
      expect(world.lastSaid().words).toContain('Check.Request');
    }
    expect(world.proxy.store.rows()).toHaveLength(1);
    expect(world.events('shared')).toEqual([]);
  });

  it('that ends a check is offered to its requester alone', async () => {
    await begin({ begin: [accepted], poll: [accepted] });
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    const labels = async (user: string, text: string) => {
      await world.send('commands', world.commandOf(user, text));
      const { chatId } = world.chatQueue.sent.splice(0).at(-1)!;
      await world.job({ chatId }, world.contextOf());
      return buttonsOf(world.lastSaid()).map(({ action_id: id }) => id);
    };
    expect(await labels('alice', line)).toContain('cancel');
    const { id } = world.proxy.store.rows()[0]!;
    await labels('alice', `share ${id}`);
    expect(await labels('bob', `show ${id}`)).toEqual(['open-0']);
  });

  it('ends a check that runs', async () => {
    await begin({ begin: [accepted], poll: [accepted] });
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    const cancel = buttonsOf(world.lastSaid()).find(({ action_id: id }) => id === 'cancel')!;
    world.chatQueue.sent.length = 0;
    await world.send('interactions', world.clickOf('alice', cancel, ephemeral));
    await world.drain();
    expect(world.events('canceled')).toMatchObject([{ requester: { name: 'alice', via: 'slack' } }]);
    expect(world.lastSaid().words).toContain('Canceled');
    await world.send('interactions', world.clickOf('alice', cancel, ephemeral));
    await world.drain();
    expect(world.lastSaid().words).toContain('Canceled');
    expect(world.lastSaid().words).not.toContain('nothing was canceled');
  });

  it('that would end a check which has ended says that nothing was canceled', async () => {
    const { click } = await withResult({ begin: [done] });
    await click('alice', 'cancel', ephemeral);
    expect(world.lastSaid().words).toMatch(/Reachable[^]*It had ended before: nothing was canceled\./);
    expect(world.events('canceled')).toEqual([]);
  });
});

describe('whatever breaks', () => {
  it('a request that an instance took whose clock is 4 s fast is answered when its time has come', async () => {
    await begin();
    await world.linkOf('alice');
    world.proxy.advance(4);
    await world.send('commands', world.commandOf('alice', line));
    const due = world.proxy.now();
    world.proxy.advance(-4);
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    expect(world.said()).toHaveLength(1);
    expect(world.proxy.now()).toEqual(due);
  });

  it('a lost message is mended by the sweeper', async () => {
    await begin();
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    world.chatQueue.sent.length = 0;
    expect(await world.sweep()).toBe(0);
    world.proxy.advance(31);
    expect(await world.sweep()).toBe(1);
    await world.drain();
    expect(world.lastSaid().words).toContain('Reachable');
  });

  it('a message that cannot be queued is acknowledged, and mended by the sweeper', async () => {
    await begin();
    await world.linkOf('alice');
    const { send } = world.chatQueue;
    Object.assign(world.chatQueue, { send: () => Promise.reject(new Error('The queue is down.')) });
    expect((await world.send('commands', world.commandOf('alice', line))).status).toBe(200);
    Object.assign(world.chatQueue, { send });
    expect(world.log.join()).toContain('could not be queued');
    world.proxy.advance(31);
    await world.sweep();
    await world.drain();
    expect(world.lastSaid().words).toContain('Reachable');
  });

  it('a request that cannot be kept is not acknowledged', async () => {
    await begin();
    const { insert } = world.requests;
    Object.assign(world.requests, { insert: () => Promise.reject(new Error('Storage is down.')) });
    const answer = await world.send('commands', world.commandOf('alice', line));
    Object.assign(world.requests, { insert });
    expect([answer.status, answer.text]).toEqual([503, '']);
  });

  it('a message that is here before its row waits for it', async () => {
    await begin();
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', 'me'));
    const { find } = world.requests;
    let looks = 0;
    Object.assign(world.requests, { find: (id: string) => (++looks < 3 ? Promise.resolve(undefined) : find(id)) });
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    Object.assign(world.requests, { find });
    expect(world.lastSaid().words).toContain('You are alice');
  });

  it('a message that comes twice, at once or later, is answered once', async () => {
    await begin();
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    const { chatId } = world.chatQueue.sent.shift()!;
    const job = () => world.job({ chatId }, world.contextOf());
    await Promise.all([job(), job(), job()]);
    expect(world.said()).toHaveLength(1);
    await world.drain();
    const said = world.said().length;
    // Longer than its row is known for, and nobody has swept it.
    for (const seconds of [600, 7200]) {
      world.proxy.advance(seconds);
      await job();
    }
    expect(world.said()).toHaveLength(said);
    expect(world.events('requested')).toHaveLength(1);
  });

  it.each(['StorageUnavailable', 'AuditUnavailable'] as const)(
    'what is to come back soon is waited for, and told of only when it lasts: %s',
    async (code) => {
      await begin();
      await world.linkOf('alice');
      const { find } = world.deps.links;
      const fail = () => Promise.reject(new Problem(code, 'It is down.', { retryAfterSeconds: 1 }));
      Object.assign(world.deps.links, { find: fail });
      await world.send('commands', world.commandOf('alice', line));
      await world.drain(4).catch(() => undefined);
      expect(world.said()).toEqual([]);
      await world.drain();
      expect(world.lastSaid().words).toContain('The proxy met trouble of its own and could not finish this.');
      expect(world.said()).toHaveLength(1);
      await world.send('commands', world.commandOf('alice', line));
      await world.drain(4).catch(() => undefined);
      Object.assign(world.deps.links, { find });
      await world.drain();
      expect(world.lastSaid().words).toContain('Reachable');
      expect(world.events('requested')).toHaveLength(1);
    },
  );

  it('a fault of the proxy’s own is told at once, by the id of the request, and no more of it', async () => {
    await begin();
    await world.linkOf('alice');
    const { find } = world.deps.links;
    Object.assign(world.deps.links, { find: () => Promise.reject(new TypeError('at storage, AccountKey=c2VjcmV0')) });
    await world.send('commands', world.commandOf('alice', line));
    await world.drain();
    Object.assign(world.deps.links, { find });
    const { requestId } = world.requests.rows().at(-1)!.request.origin;
    expect(world.said()).toHaveLength(1);
    expect(world.lastSaid().words).toContain(`tell its operators: ${requestId}`);
    expect(world.lastSaid().words).not.toContain('AccountKey');
    expect(world.log.join()).toContain('AccountKey');
    expect(world.requests.rows().at(-1)?.request.state).toBe('over');
  });

  it('a crash after a check was asked for again leaves one check of it', async () => {
    await begin();
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    await world.drain();
    const button = buttonsOf(world.lastSaid()).find(({ action_id: id }) => id === 'again')!;
    const { replace } = world.requests;
    let writes = 0;
    Object.assign(world.requests, {
      // The claim is written, and what the step came to is not.
      replace: (...given: Parameters<typeof replace>) =>
        ++writes > 1 ? Promise.reject(new Error('The process is gone.')) : replace(...given),
    });
    await world.send('interactions', world.clickOf('alice', button, { channel_id: 'Dalice', message_ts: '9.2' }));
    await world.drain();
    Object.assign(world.requests, { replace });
    expect(writes).toBeGreaterThan(1);
    world.proxy.advance(130);
    await world.sweep();
    await world.drain();
    expect(world.proxy.store.rows().filter(({ rerunOf }) => rerunOf !== undefined)).toHaveLength(1);
    expect(world.events('requested')).toHaveLength(2);
    expect(world.lastSaid().words).toContain('Reachable');
  });

  it('an address that has failed once is used no more: the end replaces the direct message', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    world.slack.down.responseUrl = true;
    await world.send('commands', world.commandOf('alice', line));
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    world.slack.down.responseUrl = false;
    expect(world.requests.rows().filter(({ answerUrl }) => answerUrl !== undefined)).toEqual([]);
    await world.drain();
    expect(world.said().map(({ method }) => method)).toEqual(['response_url', 'chat.postMessage', 'chat.update']);
    expect(world.lastSaid().words).toContain('Reachable');
  });

  it('a crash between the acknowledgement and the end leaves one check, and its asker is told', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    const crash = new Error('The process is gone.');
    const { replace } = world.requests;
    // It ends behind each write in turn: nothing of what it was about to do happens.
    for (let writes = 1; writes <= 3; writes++) {
      let left = writes;
      Object.assign(world.requests, {
        replace: async (...given: Parameters<typeof replace>) => {
          if (--left < 0) throw crash;
          return replace(...given);
        },
      });
      const [next] = world.chatQueue.sent.splice(0);
      if (next) await world.job({ chatId: next.chatId }, world.contextOf());
      Object.assign(world.requests, { replace });
      world.chatQueue.sent.length = 0;
      world.proxy.advance(130);
      await world.proxy.drain();
      await world.sweep();
    }
    await world.drain();
    expect(world.events('requested')).toHaveLength(1);
    expect(world.lastSaid().words).toContain('Reachable');
  });

  it('while Slack is down for ten minutes its asker is told later', async () => {
    await begin();
    await world.linkOf('alice');
    world.slack.down.responseUrl = true;
    world.slack.down.api = true;
    await world.send('commands', world.commandOf('alice', line));
    const end = world.proxy.now().getTime() + 600_000;
    while (world.proxy.now().getTime() < end) {
      const { chatId, delaySeconds } = world.chatQueue.sent.shift()!;
      world.proxy.advance(Math.max(delaySeconds, 1));
      await world.proxy.drain();
      await world.job({ chatId }, world.contextOf());
    }
    world.slack.down.api = false;
    world.slack.calls.length = 0;
    await world.drain();
    expect(world.said()).toMatchObject([{ method: 'chat.postMessage', body: { channel: 'Ualice' } }]);
    expect(world.lastSaid().words).toContain('Reachable');
    expect(world.proxy.store.rows()).toHaveLength(1);
  });

  it('a request that comes again while its end is awaited is looked at no more often', async () => {
    await begin({ begin: [accepted], poll: [accepted] });
    await world.linkOf('alice');
    const command = world.commandOf('alice', line);
    await world.send('commands', command);
    await world.job({ chatId: world.chatQueue.sent.shift()!.chatId }, world.contextOf());
    await world.send('commands', command);
    const [look, again] = world.chatQueue.sent.splice(0);
    const { sleep } = world.deps;
    // While it waits for its time, the look comes that is due then.
    const looked = async (): Promise<void> => {
      Object.assign(world.deps, { sleep });
      world.proxy.advance(look!.delaySeconds);
      await world.job({ chatId: look!.chatId }, world.contextOf());
    };
    Object.assign(world.deps, { sleep: looked });
    await world.job({ chatId: again!.chatId }, world.contextOf());
    expect(world.chatQueue.sent).toHaveLength(1);
    expect(world.log.filter((entry) => entry.includes('lost'))).toHaveLength(1);
  });

  it('after the time of its address its asker is told by direct message', async () => {
    await begin({ begin: [accepted], poll: [accepted, done] });
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    world.proxy.advance(26 * 60);
    world.slack.calls.length = 0;
    await world.drain();
    expect(world.said()).toMatchObject([{ method: 'chat.postMessage', body: { channel: 'Ualice' } }]);
    expect(world.requests.rows().filter(({ answerUrl }) => answerUrl !== undefined)).toEqual([]);
  });

  it('while Slack is down for an hour no address is kept for half of it', async () => {
    await begin();
    await world.linkOf('alice');
    Object.assign(world.slack.down, { responseUrl: true, api: true });
    const received = world.proxy.now().getTime();
    await world.send('commands', world.commandOf('alice', line));
    let most = 0;
    while (world.proxy.now().getTime() < received + 3_600_000) {
      const { chatId, delaySeconds } = world.chatQueue.sent.shift()!;
      const isKept = world.requests.rows().some(({ answerUrl }) => answerUrl !== undefined);
      world.proxy.advance(Math.max(delaySeconds, 1));
      if (isKept) most = world.proxy.now().getTime() - received;
      await world.proxy.drain();
      await world.job({ chatId }, world.contextOf());
    }
    expect(most).toBeGreaterThan(60_000);
    expect(most).toBeLessThan(26 * 60_000);
  });

  it('a Slack that is down for good ends a request after some tries', async () => {
    await begin();
    await world.linkOf('alice');
    Object.assign(world.slack.down, { responseUrl: true, api: true });
    await world.send('commands', world.commandOf('alice', line));
    await world.drain(100);
    expect(world.requests.rows().at(-1)).toMatchObject({ request: { state: 'over' } });
    expect(world.log.join()).toContain('A chat request was given up.');
    expect(world.events('requested')).toHaveLength(1);
  });

  it('a check that takes long is looked at the more seldom, and at least each half minute', async () => {
    await begin({ begin: [accepted], poll: [accepted] });
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    const delays: number[] = [];
    while (delays.at(-1) !== 30 && delays.length < 100) {
      const { chatId, delaySeconds } = world.chatQueue.sent.shift()!;
      delays.push(delaySeconds);
      world.proxy.advance(delaySeconds);
      await world.job({ chatId }, world.contextOf());
    }
    expect(delays.slice(0, 3)).toEqual([0, 2, 2]);
    expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    expect(delays.length).toBeLessThan(60);
    for (let looks = 0; looks < 5; looks++) {
      const { chatId, delaySeconds } = world.chatQueue.sent.shift()!;
      expect(delaySeconds).toBe(30);
      world.proxy.advance(delaySeconds);
      await world.job({ chatId }, world.contextOf());
    }
    // All of it is one message, of which nothing is told anew.
    expect(world.said()).toHaveLength(1);
  });

  it('what nobody could end in three days is forgotten', async () => {
    await begin();
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    const { id } = world.requests.rows().at(-1)!.request;
    const isKept = () => world.requests.rows().some(({ request }) => request.id === id);
    // No worker takes what the sweeper sends.
    for (const [day, expected] of [1, 1, 0.9, 0.2].map((each, n) => [each, n < 3] as const)) {
      world.proxy.advance(day * 86_400);
      await world.sweep();
      expect(isKept()).toBe(expected);
    }
  });

  it('what is over is known for as long as its proof is good, and forgotten after two hours', async () => {
    await begin();
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    await world.drain();
    expect(JSON.stringify(world.requests.rows())).not.toContain('10.1.2.4');
    const kept = world.requests.rows().length;
    // A token of Teams' is good for an hour, and five minutes more.
    world.proxy.advance(3600 + 300);
    await world.sweep();
    expect(world.requests.rows()).toHaveLength(kept);
    world.proxy.advance(3600);
    await world.sweep();
    expect(world.requests.rows()).toEqual([]);
  });
});

describe('a line', () => {
  const says = async (text: string): Promise<string> => {
    await world.send('commands', world.commandOf('alice', text));
    await world.drain();
    return world.lastSaid().words;
  };

  it.each([
    ['help', ['What you can write', 'SOURCE DESTINATION', 'again ID', 'Links this chat account']],
    ['help compare', ['compare ID [lastGood|previous|ID]']],
    ['HELP', ['What you can write']],
    ['me', ['alice', 'Roles: Check.Request', 'Linked until']],
    ['list', ['You have no checks.']],
    ['endpoints', ['What you may name', 'web']],
    ['endpoints nothing', ['Nothing of that name is open to you.']],
    ['show 12345678', ['There is no check of that id']],
    ['set run shop', ['There is no set of that id or name']],
    ['web sql-01', ['Say a port']],
    ['web <http://db.example|db.example>:443', ['db.example', 'Reachable']],
    ['web 10.1.2.4:443 &lt;b&gt;', ['"b" is too much']],
    ['web 10.1.2.4:443 tcp because INC-1', ['Reachable']],
    ['flow web 10.1.2.4:443', ['Nobody has checked this yet.']],
    ['flow wep 10.1.2.4:443', ['No endpoint and no source of this name', 'Write "endpoints" for yours.']],
    ['flow web 192.0.2.9:443', ['No rule of the policy lets you', 'Write "me" for your rules.']],
    ['wep 10.1.2.4:443', ['No source of the name "wep"', 'did you mean "web"?']],
    ['other 10.1.2.4:443', ['is open to you. Write "endpoints" for yours.']],
    ['lst', ['did you mean', 'list']],
    ['', ['SOURCE DESTINATION']],
    ['x'.repeat(5000), ['A line has at most']],
  ])('“%s” is answered', async (text, expected) => {
    const endpoints = { web: { resourceId: line.split(' ')[0] } };
    const rules = [
      { id: 'all', effect: 'allow' },
      { id: 'closed', effect: 'deny', destinations: ['192.0.2.0/24'] },
    ];
    await begin({}, { policy: policyOf(rules, {}, { endpoints }) });
    await world.linkOf('alice');
    const words = await says(text);
    for (const each of expected) expect(words).toContain(each);
    expect(words).not.toMatch(/(?:GET|POST|DELETE) \/api/);
  });

  it('says that there are more sources than it lists, how to find them, and that not all could be read', async () => {
    await begin();
    await world.linkOf('alice');
    const resourceId = line.split(' ')[0]!;
    const known = { kind: 'virtualMachine', resourceGroup: 'rg-web', subscription: 'a', region: 'westeurope' };
    const sources = Array.from({ length: 60 }, (_, index) => {
      const name = `web-${String(index).padStart(2, '0')}`;
      return { ...known, name, resourceId: resourceId.replace('web-01', name), state: 'running' };
    });
    const unreadable = [{ subscription: 'b', code: 'AuthorizationFailed' }];
    const get = () => Promise.resolve({ at: world.proxy.now().toISOString(), sources, unreadable });
    Object.assign(world.deps, { listing: { get } });
    const all = await says('endpoints');
    expect(all).toContain('There are more sources than these 50: write "endpoints" with part of a name.');
    expect(all).toContain('Not everything could be read: there may be more.');
    expect([all.includes('web-49'), all.includes('web-50')]).toEqual([true, false]);
    expect(buttonsOf(world.lastSaid()).map(({ url }) => url)).toEqual(['https://proxy.example/#/me']);
    const some = await says('endpoints web-5');
    expect([some.includes('web-59'), some.includes('more sources')]).toEqual([true, false]);
  });

  it('that makes a long address is answered, and leads to the page', async () => {
    await begin();
    await world.linkOf('alice');
    expect(await says(`flow ${line.split(' ')[0]} https://db.example/${'/'.repeat(1500)}`)).toContain('db.example');
    expect(buttonsOf(world.lastSaid()).map(({ url }) => url)).toEqual(['https://proxy.example/#/flows']);
  });

  it('compares, shares and asks again', async () => {
    await begin();
    await world.linkOf('alice');
    await says(line);
    const id = world.proxy.store.rows()[0]?.id ?? '';
    expect(await says(`compare ${id} previous`)).toContain('no earlier check of the same question came to a result');
    expect(await says(`again ${id.slice(0, 8)} because mended`)).toContain('Reachable');
    const [, second] = world.proxy.store.rows();
    expect(second).toMatchObject({ rerunOf: id, reason: 'mended' });
    expect(await says(`compare ${second?.id ?? ''} previous`)).toContain('Nothing has changed');
    expect(await says(`share ${id}`)).toContain(`${id.slice(0, 8)} is shared with whoever may ask`);
    expect(world.events('shared')).toMatchObject([{ checkId: id, requester: { via: 'slack' } }]);
    expect(await says(`show ${id}`)).toContain('Asked by: alice');
  });

  it('shows a check whole when it ends, as it did while it ran', async () => {
    await begin({ begin: [accepted], poll: [{ ...done, body: withPath.body }] });
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    await world.job({ chatId: world.chatQueue.sent.shift()!.chatId }, world.contextOf());
    world.chatQueue.sent.length = 0;
    const { id } = world.proxy.store.rows()[0]!;
    await world.send('commands', world.commandOf('alice', `show ${id}`));
    await world.job({ chatId: world.chatQueue.sent.shift()!.chatId }, world.contextOf());
    expect(world.lastSaid().words).toMatch(/Waiting[^]*Asked by: alice/);
    await world.drain();
    expect(world.lastSaid().words).toMatch(/Reachable[^]*10\.9\.9\.9[^]*Asked by: alice/);
  });
});

describe('what was done for a line', () => {
  const down = (isDown: boolean): void => {
    Object.assign(world.slack.down, { responseUrl: isDown, api: isDown });
  };
  /** So many tries, each at its time. */
  async function tried(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const { chatId, delaySeconds } = world.chatQueue.sent.shift()!;
      world.proxy.advance(delaySeconds);
      await world.job({ chatId }, world.contextOf());
    }
  }
  async function withCheck(...given: Parameters<typeof slackWorld>): Promise<string> {
    await begin(...given);
    await world.linkOf('alice');
    await world.send('commands', world.commandOf('alice', line));
    await world.drain();
    world.slack.calls.length = 0;
    return world.proxy.store.rows()[0]?.id ?? '';
  }
  const alice = () => ({ caller: sampleCaller('alice'), origin: { sourceAddress: '192.0.2.1', requestId: 'page' } });
  const sharedWithNow = () => world.proxy.store.rows()[0]?.sharedWith;

  it('is not done again while its answer cannot be told: a share that was taken back stays so', async () => {
    const id = await withCheck();
    down(true);
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await tried(1);
    const { until } = sharedWithNow()!;
    await tried(3);
    expect(sharedWithNow()).toEqual({ until });
    await unshare(world.deps, alice(), id);
    await tried(2);
    down(false);
    await world.drain();
    expect(world.events('shared')).toHaveLength(1);
    expect(sharedWithNow()).toBeUndefined();
    expect(world.lastSaid().words).toContain(`Check ${id.slice(0, 8)} is shared with whoever may ask`);
  });

  it.each([[true], [false]])(
    'is not done again after a crash behind it, whether it was taken back: %s',
    async (isTakenBack) => {
      const id = await withCheck();
      const { replace } = world.requests;
      let writes = 0;
      Object.assign(world.requests, {
        // The claim is written, and what the step came to is not.
        replace: (...given: Parameters<typeof replace>) =>
          ++writes > 1 ? Promise.reject(new Error('The process is gone.')) : replace(...given),
      });
      down(true);
      await world.send('commands', world.commandOf('alice', `share ${id}`));
      await tried(1);
      Object.assign(world.requests, { replace });
      down(false);
      expect(world.events('shared')).toHaveLength(1);
      if (isTakenBack) await unshare(world.deps, alice(), id);
      world.proxy.advance(130);
      await world.sweep();
      await world.drain();
      expect(world.events('shared')).toHaveLength(1);
      expect(sharedWithNow() === undefined).toBe(isTakenBack);
      expect(world.lastSaid().words).toContain(
        isTakenBack ? 'was changed, and stays as it is now' : 'is shared with whoever',
      );
    },
  );

  it('is told with what was said of it, where the first telling was lost: of a check that had ended', async () => {
    const id = await withCheck();
    down(true);
    await world.send('commands', world.commandOf('alice', `cancel ${id}`));
    await tried(2);
    down(false);
    await world.drain();
    expect(world.lastSaid().words).toMatch(/Reachable[^]*It had ended before: nothing was canceled\./);
  });

  it.each([[true], [false]])(
    'is told once with what its words were taken for, where the first telling was lost: %s',
    async (isLost) => {
      await begin({ begin: [accepted] });
      await world.linkOf('alice');
      down(isLost);
      await world.send('commands', world.commandOf('alice', line));
      await tried(1);
      if (isLost) world.slack.calls.length = 0;
      down(false);
      await world.drain();
      const told = world.slack.calls.map(textOf).filter((text) => text.includes('From the resource'));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain(isLost ? 'Reachable' : 'Waiting');
    },
  );

  const bob = 'd308663a-129a-8ab9-af3e-819ae18c4d42';

  it('is not done after what was changed on the page since it was written', async () => {
    const id = await withCheck();
    await share(world.deps, alice(), id, { sharedWith: { until: '2026-03-05T00:00:00.000Z' } });
    world.proxy.advance(1);
    const { replace } = world.proxy.store;
    Object.assign(world.proxy.store, { replace: () => Promise.reject(new Problem('StorageUnavailable', 'Down.')) });
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await tried(2);
    Object.assign(world.proxy.store, { replace });
    await unshare(world.deps, alice(), id);
    await world.drain();
    expect(sharedWithNow()).toBeUndefined();
    expect(world.events('shared')).toHaveLength(1);
    expect(world.lastSaid().words).toContain('was changed, and stays as it is now');
  });

  it.each([[true], [false]])(
    'is what was written last, in whatever order it is done: the first first %s',
    async (isFirst) => {
      const id = await withCheck();
      await world.send('commands', world.commandOf('alice', `share ${id}`));
      world.proxy.advance(1);
      await world.send('commands', world.commandOf('alice', `share ${id} ${bob}`));
      if (!isFirst) world.chatQueue.sent.reverse();
      await world.drain();
      expect(sharedWithNow()).toMatchObject({ to: [bob] });
      expect(world.events('shared')).toHaveLength(isFirst ? 2 : 1);
    },
  );

  it('is done though the check was shown in a room since', async () => {
    const id = await withCheck();
    const { replace } = world.proxy.store;
    Object.assign(world.proxy.store, { replace: () => Promise.reject(new Problem('StorageUnavailable', 'Down.')) });
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await tried(1);
    Object.assign(world.proxy.store, { replace });
    await showIn(world.deps, alice(), id, 'slack/T1/C1');
    await world.drain();
    expect(sharedWithNow()).toBeDefined();
    expect(world.lastSaid().words).toContain('is shared with whoever may ask');
  });

  it('is told in the end, and not that it failed, where links cannot be read while it is told again', async () => {
    const id = await withCheck();
    down(true);
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await tried(9);
    down(false);
    const { find } = world.deps.links;
    Object.assign(world.deps.links, { find: () => Promise.reject(new Problem('StorageUnavailable', 'Down.')) });
    await tried(1);
    Object.assign(world.deps.links, { find });
    await world.drain();
    expect(world.events('shared')).toHaveLength(1);
    expect(world.lastSaid().words).toContain('is shared with whoever may ask');
  });

  it('is read anew where it is only read: no row has what was refused', async () => {
    await withCheck();
    down(true);
    await world.send('commands', world.commandOf('alice', 'show 12345678'));
    await tried(2);
    expect(world.requests.rows().flatMap(({ request }) => request.answered ?? [])).toEqual([]);
    down(false);
    await world.drain();
    expect(world.lastSaid().words).toContain('There is no check of that id');
  });

  it('is done once it can be where storage was down before it', async () => {
    const id = await withCheck();
    const { replace } = world.proxy.store;
    let left = 2;
    Object.assign(world.proxy.store, {
      replace: (...given: Parameters<typeof replace>) =>
        left-- > 0 ? Promise.reject(new Problem('StorageUnavailable', 'Down.')) : replace(...given),
    });
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await world.drain();
    expect(left).toBeLessThan(0);
    expect(world.events('shared')).toHaveLength(1);
    expect(world.lastSaid().words).toContain('is shared with whoever may ask');
  });

  it.each([line, 'again ID', 'set run shop'])('counts one refusal for “%s”, however often it is told', async (text) => {
    const member = { resourceId: line.split(' ')[0] };
    const shop = { sources: [member], destinations: [{ address: '10.1.2.4', port: 1433 }] };
    const sets = { shop };
    const id = await withCheck({}, { policy: policyOf([{ id: 'all', effect: 'allow' }], {}, { sets }) });
    Object.assign(
      world.deps.policy,
      policyOf(
        [
          { id: 'all', effect: 'allow' },
          { id: 'no', effect: 'deny', reason: 'closed now', destinations: ['10.1.2.4'] },
        ],
        {},
        { sets },
      ),
    );
    down(true);
    await world.send('commands', world.commandOf('alice', text.replace('ID', id)));
    await tried(4);
    down(false);
    await world.drain();
    expect(world.events('refused')).toHaveLength(1);
    expect(world.lastSaid().words).toContain(text === 'set run shop' ? 'refused' : 'closed now');
  });

  it('is not done again by “cancel” and “again”, whose check is told', async () => {
    const id = await withCheck();
    for (const text of [`again ${id}`, `cancel ${id}`]) {
      down(true);
      await world.send('commands', world.commandOf('alice', text));
      await tried(4);
      down(false);
      await world.drain();
    }
    expect(world.events('requested')).toHaveLength(2);
    expect(world.events('canceled')).toHaveLength(0);
    expect(world.lastSaid().words).toMatch(/Reachable[^]*It had ended before: nothing was canceled\./);
  });

  it('is told to nobody whose link has ended, and kept no longer than until it was told', async () => {
    const id = await withCheck();
    down(true);
    await world.send('commands', world.commandOf('alice', `share ${id}`));
    await tried(2);
    expect(JSON.stringify(world.requests.rows())).toContain('is shared with whoever');
    const stored = await world.deps.links.find({ chat: 'slack', team: teamId, user: 'Ualice' });
    await world.deps.links.remove(stored!);
    down(false);
    await world.drain();
    expect(world.lastSaid().words).toContain('linked with nobody');
    expect(JSON.stringify(world.requests.rows())).not.toContain('is shared with whoever');
  });

  it('is kept in few letters', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3000 }), { maxLength: 50 }), (texts) => {
        const kept = keptWords({ texts, isRefusal: true });
        expect(kept.texts.join('').length).toBeLessThanOrEqual(2001);
        expect(texts.join('').startsWith(kept.texts.join('').replace(/…$/, ''))).toBe(true);
      }),
    );
  });
});

describe('whatever is sent', () => {
  it('is refused without a throw, or, where Slack signed it, is nothing', async () => {
    const { default: fc } = await import('fast-check');
    await begin();
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .dictionary(fc.constantFrom('team_id', 'payload', 'trigger_id', 'user_id', 'text'), fc.string())
        .map((each) => new URLSearchParams(each).toString()),
      fc.json().map((payload) => new URLSearchParams({ payload }).toString()),
    );
    const paths = fc.constantFrom('commands', 'interactions', 'events');
    await fc.assert(
      fc.asyncProperty(bodies, paths, fc.boolean(), async (body, path, isSigned) => {
        const headers = isSigned
          ? signed(body, { at: world.proxy.now() })
          : { 'x-slack-signature': body.slice(0, 70).replace(/[^\x21-\x7e]/g, '') };
        const answer = await world.send(path, body, headers);
        expect([answer.status, answer.text]).toEqual([401, '']);
      }),
      { numRuns: 150 },
    );
    expect(world.requests.rows()).toEqual([]);
  });
});
