import { afterEach, describe, expect, it } from 'vitest';
import { type Minting, otherKey } from '../support/azure/bot-service.ts';
import { down } from '../support/azure/entra.ts';
import { accepted, done, policyOf } from '../support/memory/memory-proxy.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { tenantId, webVm } from '../support/samples.ts';
import { actionOf, cardIn, publicUrl, rooms, teamsWorld, wordsOf } from './teams-world.ts';

const line = `${webVm} 10.1.2.4:1433`;
const hops = [
  { id: 'a', type: 'Source', address: '10.1.1.4', resourceId: webVm, nextHopIds: ['b'] },
  { id: 'b', type: 'Internet', address: '10.1.2.4', nextHopIds: [] },
];
const withHops = { ...done, body: JSON.stringify({ ...JSON.parse(done.body), hops }) };

let world: Awaited<ReturnType<typeof teamsWorld>>;
const begin = async (...given: Parameters<typeof teamsWorld>) => (world = await teamsWorld(...given));
afterEach(() => world.stop());

const written = () => world.bots.written;
/** What the asker sees in place of the last card that all see. */
const seenBy = async (user: string, more: object = rooms.channel, card = world.lastCard()) => {
  const { value }: { value?: unknown } = (await world.click(user, card.refresh!.action, more)).json;
  return value;
};

describe('a message in a personal chat', () => {
  it('is acknowledged at once, and answered with a card whose end replaces it', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    const ack = await world.write('alice', line);
    expect([ack.status, ack.text]).toEqual([200, '{}']);
    expect(written()).toEqual([]);
    await world.drain();
    expect(written().map(({ method, conversationId }) => `${method} ${conversationId}`)).toEqual([
      'POST a:1-personal',
      'PUT a:1-personal',
    ]);
    const [first, last] = written().map(cardIn);
    expect(wordsOf(first)).toContain('Waiting');
    expect(wordsOf(first)).toContain('the address "10.1.2.4"');
    expect(wordsOf(last)).toContain('Reachable');
    expect(last?.refresh).toBeUndefined();
    expect(written()[1]?.activityId).toBe('sent-1');
    const [{ requester } = {}] = world.events('requested');
    const objectId = objectIdOf('alice');
    expect(requester).toEqual({
      ...{ id: `${tenantId}/${objectId}`, tenantId, objectId, name: 'alice', kind: 'user', via: 'teams' },
      agent: `teams/${world.bots.appId}`,
    });
  });

  it('that comes again, however often, is one check', async () => {
    await begin();
    await world.linkOf('alice');
    const activity = world.activityOf('alice', { text: line });
    const answers = await Promise.all(Array.from({ length: 40 }, () => world.send(activity)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await world.drain();
    await world.send(activity);
    await world.drain();
    expect(world.events('requested')).toHaveLength(1);
    expect(world.proxy.store.rows()).toHaveLength(1);
    expect(written()).toHaveLength(2);
  });

  it('of somebody who is not linked is told how to link, and nothing else', async () => {
    await begin();
    for (const text of [line, 'help', 'me', 'list', 'nonsense', 'show 12345678', '']) {
      await world.write('mallory', text);
      await world.drain();
      expect(wordsOf(world.lastCard())).toContain('linked with nobody');
      expect(wordsOf(world.lastCard())).not.toMatch(/web-01|such check/);
    }
    expect(world.proxy.audit.events()).toEqual([]);
  });

  it('shows its path and is asked again by buttons', async () => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', line);
    await world.drain();
    const again = await world.click('alice', actionOf(world.lastCard(), 'Check again'));
    expect(again.json).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.activity.message' });
    await world.drain();
    expect(world.events('requested')).toHaveLength(2);
    expect(world.proxy.store.rows().filter(({ rerunOf }) => rerunOf !== undefined)).toHaveLength(1);
  });

  it('is canceled by its requester, and by nobody else', async () => {
    await begin({ begin: [accepted], poll: [accepted] });
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line);
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    const cancel = actionOf(world.lastCard(), 'Cancel');
    const before = world.chatQueue.sent.splice(0);
    await world.click('bob', cancel);
    await world.drain();
    expect(wordsOf(world.lastCard())).toContain('no check of that id');
    expect(world.events('canceled')).toEqual([]);
    await world.click('alice', cancel);
    await world.drain();
    expect(world.events('canceled')).toHaveLength(1);
    world.chatQueue.sent.push(...before);
    await world.drain();
    expect(
      written()
        .filter(({ method }) => method === 'PUT')
        .map((each) => wordsOf(cardIn(each)))
        .join(),
    ).toContain('Canceled');
  });

  it('is answered once Teams takes it, and the token endpoint too', async () => {
    await begin();
    await world.linkOf('alice');
    world.bots.instead.activities = down;
    await world.write('alice', 'me');
    await world.drain(3).catch(() => undefined);
    expect(world.chatQueue.sent).toHaveLength(1);
    world.bots.instead.activities = undefined;
    await world.drain();
    expect(wordsOf(world.lastCard())).toContain('alice');
    expect(world.requests.rows().at(-1)?.request.state).toBe('over');

    world.proxy.advance(4000);
    world.bots.instead.tokens = (response) => response.writeHead(500).end();
    const before = written().length;
    await world.write('alice', line);
    await world.drain(4).catch(() => undefined);
    expect(written()).toHaveLength(before);
    world.bots.instead.tokens = undefined;
    await world.drain();
    expect(wordsOf(world.lastCard())).toContain('Reachable');
    expect(world.events('requested')).toHaveLength(1);
    expect(JSON.stringify([world.log, world.requests.rows()])).not.toContain(world.bots.appSecret);
  });

  it('that shows a check is answered with the whole, also where Teams takes it later', async () => {
    await begin({ begin: [withHops] });
    await world.linkOf('alice');
    await world.write('alice', line);
    await world.drain();
    world.bots.instead.activities = down;
    await world.write('alice', `show ${world.proxy.store.rows()[0]?.id ?? ''}`);
    await world.drain(1).catch(() => undefined);
    world.bots.instead.activities = undefined;
    await world.drain();
    expect(wordsOf(world.lastCard())).toMatch(/1 ○ [^]*From: /);
  });

  it('is answered no sooner than Teams asks for', async () => {
    await begin();
    await world.linkOf('alice');
    world.bots.instead.activities = (response) => response.writeHead(429, { 'retry-after': '100' }).end();
    await world.write('alice', 'me');
    await world.drain(1).catch(() => undefined);
    expect(world.chatQueue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([100]);
    // A message that comes early, as one of the sweeper's may, asks Teams for nothing.
    const asked = written().length;
    await world.job({ chatId: world.chatQueue.sent[0]!.chatId }, world.contextOf());
    expect(written()).toHaveLength(asked);
  });

  it('of the same id in another conversation is another', async () => {
    await begin();
    const id = '1700000000000';
    const { bots } = world;
    for (const room of [{}, rooms.channel, rooms.group, {}, rooms.channel])
      await world.write('alice', 'help', { id, ...room });
    await world.drain();
    expect(world.requests.rows()).toHaveLength(3);
    expect(bots.written).toHaveLength(3);
  });

  it('whose answer somebody has deleted is answered anew', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    world.bots.instead.activities = (response) => {
      if (written().at(-1)?.method === 'PUT') response.writeHead(404).end();
      else response.end('{"id":"m"}');
    };
    await world.write('alice', line);
    await world.drain();
    expect(written().map(({ method }) => method)).toEqual(['POST', 'PUT', 'POST']);
    expect(wordsOf(world.lastCard())).toContain('Reachable');
  });
});

describe('an answer to a message that is gone', () => {
  it('is written all the same', async () => {
    await begin();
    await world.linkOf('alice');
    world.bots.instead.activities = (response) => {
      if (written().at(-1)?.activityId === undefined) response.end('{"id":"m"}');
      else response.writeHead(404).end();
    };
    await world.write('alice', 'me');
    await world.drain();
    expect(written().map(({ method, activityId }) => [method, activityId !== undefined])).toEqual([
      ['POST', true],
      ['POST', false],
    ]);
    expect(world.requests.rows().at(-1)?.request.state).toBe('over');
  });
});

describe('what Teams sends', () => {
  it('is refused without a body where anything of it is not as Teams would send it now', async () => {
    await begin();
    await world.linkOf('alice');
    const good = world.activityOf('alice', { text: line });
    const seconds = world.proxy.now().getTime() / 1000;
    const { key } = world.bots.keys[0]!;
    const claims = (changed: object): [unknown, Minting] => [good, { claims: { ...changed } }];
    const activity = (changed: object): [unknown, Minting] => [{ ...good, ...changed }, {}];
    const unendorsed = { ...(await otherKey()), kid: 'webchat' };
    world.bots.keys.unshift({ key: unendorsed, endorsements: ['webchat', 'directline'] });
    world.bots.instead.keys = undefined;
    const mutations: readonly [unknown, Minting][] = [
      claims({ iss: 'https://login.botframework.com' }),
      claims({ iss: `https://sts.windows.net/${tenantId}/` }),
      claims({ aud: '00000000-0000-4000-8000-000000000000' }),
      claims({ aud: undefined }),
      claims({ exp: seconds - 301 }),
      claims({ exp: undefined }),
      claims({ nbf: seconds + 301 }),
      claims({ serviceurl: 'https://smba.trafficmanager.net/emea/' }),
      claims({ serviceurl: undefined }),
      [good, { alg: 'none' }],
      [good, { alg: 'HS256' }],
      [good, { alg: 'RS384' }],
      [good, { header: { kid: 'unknown' } }],
      [good, { key: { ...(await otherKey()), kid: key.kid } }],
      [good, { key: unendorsed }],
      activity({ serviceUrl: 'https://evil.example/' }),
      activity({ serviceUrl: world.bots.serviceUrl.slice(0, -1) }),
      activity({ channelId: 'directline' }),
      activity({ channelId: 'webchat' }),
      activity({ channelId: undefined }),
      activity({ conversation: { ...good.conversation, tenantId: '22222222-1111-4111-8111-111111111111' } }),
      activity({ conversation: { ...good.conversation, tenantId: undefined } }),
      activity({ channelData: { tenant: { id: '22222222-1111-4111-8111-111111111111' } } }),
      activity({ channelData: undefined }),
      activity({ from: { ...good.from, aadObjectId: undefined } }),
      activity({ from: { ...good.from, aadObjectId: 'alice' } }),
      activity({ from: undefined }),
      activity({ id: undefined }),
      [`${JSON.stringify(good)}x`, {}],
      ['', {}],
      ['[]', {}],
      [{ ...good, text: 'x'.repeat(300_000) }, {}],
      [`${'['.repeat(5000)}${']'.repeat(5000)}`, {}],
      [JSON.stringify(good).replace('{', `{"value":${'['.repeat(5000)}${']'.repeat(5000)},`), {}],
    ];
    const before = world.stored();
    for (const [index, [sent, minting]] of mutations.entries()) {
      const answer = await world.send(sent, minting);
      expect([index, answer.status, answer.text]).toEqual([index, 401, '']);
    }
    for (const headers of [{}, { authorization: '' }, { authorization: 'Bearer x' }, { authorization: 'Basic eDp5' }])
      expect((await world.send(good, {}, headers)).status).toBe(401);
    expect(world.stored()).toBe(before);
    expect((await world.send(good)).status).toBe(200);
    expect(world.stored()).not.toBe(before);
  });

  it('is refused for a service URL whose host is not of the settings, though the token names it', async () => {
    await begin();
    const serviceUrl = 'https://evil.example/emea/';
    const answer = await world.send(world.activityOf('alice', { serviceUrl }), { claims: { serviceurl: serviceUrl } });
    expect([answer.status, answer.text, world.requests.rows()]).toEqual([401, '', []]);
  });

  it('is refused while its keys cannot be read', async () => {
    await begin();
    world.bots.instead.metadata = down;
    const answer = await world.write('alice', line);
    expect([answer.status, answer.text, world.requests.rows()]).toEqual([401, '', []]);
  });

  it('is kept in a column of storage, however long it is and whatever its characters', async () => {
    await begin();
    await world.linkOf('alice');
    const odd = '\u0001'.repeat(6000);
    const from = { id: '29:alice', name: odd, aadObjectId: objectIdOf('alice') };
    const conversation = { ...rooms.group.conversation, name: odd };
    expect((await world.write('alice', odd, { from, conversation })).status).toBe(200);
    // A column of text holds 32 Ki characters, and JSON writes each of these in six.
    const kept = world.requests.rows().find(({ request: { state } }) => state === 'received');
    expect(kept?.request.asked).toMatchObject({ kind: 'line', text: expect.stringContaining(odd.slice(0, 4001)) });
    expect(JSON.stringify(kept?.request).length).toBeLessThan(32 * 1024);
    await world.drain();
    expect(wordsOf(await seenBy('alice', rooms.group))).toContain('A line has at most 4000 characters');
  });

  it.each<[string, object]>([
    ['group chat', { ...rooms.group, conversation: { ...rooms.group.conversation, name: 'ops\u202etxt' } }],
    ['channel', { ...rooms.channel, channelData: { tenant: { id: tenantId }, channel: { name: 'ops\u202etxt' } } }],
    ['chat without a name', { ...rooms.group, conversation: { ...rooms.group.conversation, id: '19:ops\u202etxt' } }],
  ])(
    'has no character that is not seen in what is told of it: by the names of a %s and its people',
    async (_, room) => {
      await begin();
      await world.linkOf('alice');
      const from = { id: '29:alice', name: 'ops\u202etxt', aadObjectId: objectIdOf('alice') };
      const mention = { type: 'mention', text: '<at>Ann</at>', mentioned: { id: '29:ann', name: 'ops\u202etxt' } };
      const more = { ...room, from, entities: [mention] };
      const told: string[] = [];
      for (const text of ['nonsense \u202e <at>Ann</at>', `${line} because <at>Ann</at> asked`, line]) {
        await world.write('alice', text, more);
        await world.drain();
        told.push(wordsOf(await seenBy('alice', more)));
      }
      expect(told.at(-1)).toMatch(/You asked in .*ops\\u202etxt/);
      const { id } = world.proxy.store.rows()[0]!;
      for (const verb of ['share-here', 'cancel']) {
        await world.click('alice', { verb, data: { check: id } }, { ...more, replyToId: 'the-card' });
        await world.drain();
        told.push(
          wordsOf(
            await seenBy(
              'alice',
              more,
              written()
                .map(cardIn)
                .findLast(({ refresh }) => refresh),
            ),
          ),
        );
      }
      told.push(...written().flatMap((each) => [wordsOf(cardIn(each)), String(each.body['summary'])]));
      expect(told.join('')).toContain('Shown by alice.');
      expect(told.filter((text) => text.includes('\u202e'))).toEqual([]);
      expect(world.requests.rows().map(({ request: { name } }) => name)).not.toContain(from.name);
    },
  );

  it('and asks for nothing is left alone', async () => {
    await begin();
    for (const type of ['conversationUpdate', 'installationUpdate', 'messageReaction', 'typing', 'messageUpdate'])
      expect((await world.send(world.activityOf('alice', { type, from: undefined }))).status).toBe(200);
    expect(
      (await world.send(world.activityOf('alice', { type: 'invoke', name: 'composeExtension/query' }))).status,
    ).toBe(200);
    expect([world.requests.rows(), world.chatQueue.sent]).toEqual([[], []]);
  });

  it('is sent again where it cannot be kept', async () => {
    await begin();
    const { receiveTeamsActivity } = await import('../../src/http/chat/teams.ts');
    const { Problem } = await import('../../src/contract/problem.ts');
    const insert = () => Promise.reject(new Problem('StorageUnavailable', 'Storage is down.'));
    const handler = receiveTeamsActivity({ ...world.deps, requests: { ...world.requests, insert } });
    const { HttpRequest } = await import('@azure/functions');
    const request = new HttpRequest({
      ...{ method: 'POST', url: 'https://host.example/api/chat/teams/messages' },
      headers: { authorization: `Bearer ${await world.bots.mint()}` },
      body: { string: JSON.stringify(world.activityOf('alice', { text: line })) },
    });
    expect((await world.call('receiveTeamsActivity', request, handler)).status).toBe(503);
  });

  it('is not there without Teams', async () => {
    await begin();
    const { receiveTeamsActivity } = await import('../../src/http/chat/teams.ts');
    const { HttpRequest } = await import('@azure/functions');
    const handler = receiveTeamsActivity({ ...world.deps, teams: undefined });
    const request = new HttpRequest({ method: 'POST', url: 'https://host.example/api/chat/teams/messages' });
    expect(await world.call('receiveTeamsActivity', request, handler)).toMatchObject({ status: 404, text: '' });
  });
});

describe('a message where others read along', () => {
  it('says to all only that it was asked, and has ended', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    await world.write('alice', `<at>Netcheck</at> ${line}`, {
      ...rooms.channel,
      entities: [
        { type: 'mention', text: '<at>Netcheck</at>', mentioned: { id: '28:99999999-8888-4777-8666-555555555555' } },
      ],
    });
    await world.drain();
    const [first, last] = written().map(cardIn);
    const [check] = world.proxy.store.rows();
    expect(wordsOf(first).split('\n')).toEqual([
      ...['alice <b> asked:', line, 'It is being answered. Only who asked sees the answer.', '[Open]'],
    ]);
    expect(wordsOf(last).split('\n')).toEqual([
      ...['alice <b> asked:', line, 'It has ended. Only who asked sees the answer.', '[Open] [Show here]'],
    ]);
    expect(JSON.stringify(written())).not.toMatch(/Reachable|reachable|Waiting|probe/);
    expect(JSON.stringify(last?.actions?.[0])).toContain(`${publicUrl}/#/checks/${check?.id ?? ''}`);
    expect(last?.refresh?.userIds).toEqual(['29:alice']);
    expect(written().map(({ conversationId }) => conversationId)).toEqual(Array(2).fill(rooms.channel.conversation.id));
  });

  it('brings its asker the rest, and nobody else', async () => {
    await begin({ begin: [accepted], poll: [done] });
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const [first] = written().map(cardIn);
    expect(wordsOf(await seenBy('alice', rooms.channel, first))).toContain('Reachable');
    expect(wordsOf(await seenBy('bob'))).toMatch(/not yours/);
    expect(wordsOf(await seenBy('mallory'))).toMatch(/not yours/);
    expect(wordsOf(await seenBy('alice'))).toContain('[Show here]');
  });

  it('brings it while the check waits, with what the words were taken for', async () => {
    await begin({ begin: [accepted], poll: [accepted] });
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    const { chatId } = world.chatQueue.sent.shift()!;
    await world.job({ chatId }, world.contextOf());
    expect(wordsOf(await seenBy('alice'))).toContain('the address "10.1.2.4"');
    expect(wordsOf(await seenBy('alice'))).toContain('[Cancel]');
  });

  it('brings what the words were taken for until the check has ended, as it waits and as it runs', async () => {
    await begin({ begin: [accepted], poll: [accepted, done] });
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    await world.job({ chatId: world.chatQueue.sent.shift()!.chatId }, world.contextOf());
    expect(wordsOf(await seenBy('alice'))).toMatch(/Waiting[^]*the address "10\.1\.2\.4"/);
    await world.proxy.drain(1).catch(() => undefined);
    expect(wordsOf(await seenBy('alice'))).toMatch(/Running[^]*the address "10\.1\.2\.4"/);
    await world.drain();
    expect(wordsOf(await seenBy('alice'))).toContain('Reachable');
    expect(wordsOf(await seenBy('alice'))).not.toContain('the address "10.1.2.4"');
  });

  it('to end what has ended brings its asker that nothing was canceled, for a line as for a click', async () => {
    await begin({ begin: [accepted], poll: [done] });
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    await world.job({ chatId: world.chatQueue.sent.shift()!.chatId }, world.contextOf());
    const cancel = actionOf(await seenBy('alice'), 'Cancel');
    await world.drain();
    const { id } = world.proxy.store.rows()[0]!;
    const asking = [
      () => world.click('alice', cancel, { ...rooms.channel, replyToId: 'the-card' }),
      () => world.write('alice', `cancel ${id}`, rooms.channel),
    ];
    for (const ask of asking) {
      await ask();
      await world.drain();
      expect(wordsOf(world.lastCard())).not.toContain('canceled');
      expect(wordsOf(await seenBy('alice'))).toMatch(/Reachable[^]*It had ended before: nothing was canceled\./);
      expect(wordsOf(await seenBy('bob'))).toContain('not yours');
    }
    expect(world.events('canceled')).toEqual([]);
  });

  it('to show a check brings its asker the whole, as long as they may read it', async () => {
    await begin({ begin: [withHops] }, { policy: policyOf([{ id: 'all', effect: 'allow' }]) });
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line);
    await world.drain();
    const { id } = world.proxy.store.rows()[0]!;
    await world.write('alice', `share ${id} ${objectIdOf('bob')}`);
    await world.drain();
    for (const user of ['alice', 'bob']) {
      await world.write(user, `show ${id}`, rooms.channel);
      await world.drain();
      expect(wordsOf(await seenBy(user))).toMatch(/1 ○ [^]*From: /);
    }
    const card = world.lastCard();
    Object.assign(world.deps.policy, policyOf([{ id: 'none', effect: 'deny' }]));
    const now = wordsOf(await seenBy('bob', rooms.channel, card));
    expect(now).toContain('no check of that id');
    expect(now).not.toContain('10.1.2.4');
  });

  it('of another’s check that runs brings nothing of it any more once policy closes it', async () => {
    await begin({ begin: [accepted], poll: [accepted] }, { policy: policyOf([{ id: 'all', effect: 'allow' }]) });
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line);
    await world.job({ chatId: world.chatQueue.sent.shift()!.chatId }, world.contextOf());
    const { id } = world.proxy.store.rows()[0]!;
    for (const [user, text] of [
      ['alice', `share ${id} ${objectIdOf('bob')}`],
      ['bob', `show ${id}`],
    ] as const) {
      await world.write(user, text, rooms.channel);
      await world.job({ chatId: world.chatQueue.sent.pop()!.chatId }, world.contextOf());
    }
    expect(wordsOf(await seenBy('bob'))).toContain('To: 10.1.2.4');
    Object.assign(world.deps.policy, policyOf([{ id: 'none', effect: 'deny' }]));
    expect(wordsOf(await seenBy('bob'))).toMatch(/^There is no check of that id, or it is not yours\.\n$/);
  });

  it('of two people is each one’s own', async () => {
    await begin();
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line, rooms.group);
    await world.write('bob', `${webVm} 10.1.2.5:443`, rooms.group);
    await world.drain();
    const cards = written().map(cardIn);
    const [ofAlice, ofBob] = ['29:alice', '29:bob'].map((id) =>
      cards.find(({ refresh }) => refresh?.userIds[0] === id),
    );
    expect(wordsOf(await seenBy('alice', rooms.group, ofAlice))).toContain('10.1.2.4');
    expect(wordsOf(await seenBy('bob', rooms.group, ofBob))).toContain('10.1.2.5');
    expect(wordsOf(await seenBy('bob', rooms.group, ofAlice))).not.toContain('10.1.2.4: ');
    expect(world.events('requested').map(({ requester }) => requester.name)).toEqual(['alice', 'bob']);
  });

  it('brings what is no check as well: lists, help, refusals and faults', async () => {
    await begin({}, { policy: policyOf([{ id: 'none', effect: 'deny' }]) });
    await world.linkOf('alice');
    for (const [text, told] of [
      ['me', 'Roles: Check.Request'],
      ['help', 'What you can write'],
      ['list', ''],
      [line, 'Refused'],
      ['web-01', 'alone is no check'],
    ] as const) {
      await world.write('alice', text, rooms.channel);
      await world.drain();
      expect(wordsOf(world.lastCard())).toContain(`${text}\nIt has ended. Only who asked sees the answer.`);
      const summary = text === line ? 'A connectivity check has ended.' : 'A question was answered.';
      expect(written().at(-1)?.body).toMatchObject({ summary });
      expect(wordsOf(world.lastCard())).not.toMatch(/Roles|What you can|Refused|alone/);
      expect(wordsOf(await seenBy('alice'))).toContain(told);
      expect(wordsOf(await seenBy('bob'))).toContain('not yours');
    }
  });

  it('brings nothing any more to somebody whose link has ended, nor after a week', async () => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', 'me', rooms.channel);
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const cards = written().map(cardIn);
    const [{ id }] = (await world.ask('GET /api/chat/links', 'alice')).json['value'] as unknown as [{ id: string }];
    expect((await world.ask(`DELETE /api/chat/links/${id}`, 'alice')).status).toBe(200);
    for (const card of cards)
      expect(wordsOf(await seenBy('alice', rooms.channel, card))).toContain('linked with nobody');
    world.proxy.advance(8 * 86_400);
    await world.keptCards.forget(world.proxy.now());
    expect(world.keptCards.rows()).toBe(0);
    for (const card of cards) expect(wordsOf(await seenBy('alice', rooms.channel, card))).toContain('ask again');
  });

  it('tells of a link only where to ask for it, and makes no code', async () => {
    await begin();
    await world.write('alice', 'link', rooms.channel);
    await world.drain();
    expect(JSON.stringify(written())).not.toContain('#/link/');
    expect(wordsOf(world.lastCard())).toContain('personal chat');
    expect(await world.links.findCode('')).toBeUndefined();
    expect(await world.codeOf('alice')).toMatch(/^[\w-]{22}$/);
  });
});

describe('"Show here"', () => {
  const shown = () => written().filter((each) => wordsOf(cardIn(each)).includes('Shown by'));

  it('shows the whole to all in place of the card, and is audited with the room', async () => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const show = actionOf(world.lastCard(), 'Show here');
    const before = written().length;
    const ack = await world.click('alice', show, { ...rooms.channel, replyToId: 'the-card' });
    expect(ack.json).toMatchObject({ statusCode: 200 });
    expect(written()).toHaveLength(before);
    await world.drain();
    expect(written().slice(before)).toMatchObject([
      { method: 'PUT', conversationId: rooms.channel.conversation.id, activityId: 'the-card' },
    ]);
    expect(wordsOf(world.lastCard())).toContain('Reachable');
    expect(wordsOf(world.lastCard())).toContain('Shown by alice.');
    expect(world.lastCard().refresh).toBeUndefined();
    const [check] = world.proxy.store.rows();
    expect(world.events('shared')).toMatchObject([
      {
        checkId: check?.id,
        channel: `teams/${tenantId}/19:net@thread.tacv2`,
        requester: { name: 'alice', via: 'teams' },
      },
    ]);
  });

  it('names a room of which Teams sends no name by the id that its event has', async () => {
    await begin();
    await world.linkOf('alice');
    const channelData = { tenant: { id: tenantId }, channel: { id: '19:net@thread.tacv2' } };
    const room = { ...rooms.channel, channelData };
    await world.write('alice', line, room);
    await world.drain();
    expect(wordsOf(await seenBy('alice', room))).toContain('You asked in this channel (19:net@thread.tacv2).');
    const left = [503];
    world.bots.instead.activities = (response) =>
      response.writeHead(left.shift() ?? 200, { 'content-type': 'application/json' }).end('{"id":"told"}');
    await world.click('alice', actionOf(world.lastCard(), 'Show here'), { ...room, replyToId: 'the-card' });
    await world.drain();
    expect(world.events('shared')).toMatchObject([{ channel: `teams/${tenantId}/19:net@thread.tacv2` }]);
    expect(wordsOf(await seenBy('alice', room))).toContain('been shown in this channel (19:net@thread.tacv2):');
  });

  it('is the requester’s alone', async () => {
    await begin();
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const show = actionOf(world.lastCard(), 'Show here');
    for (const user of ['bob', 'mallory']) await world.click(user, show, { ...rooms.channel, replyToId: 'the-card' });
    await world.drain();
    expect(shown()).toEqual([]);
    expect(world.events('shared')).toEqual([]);
    expect(wordsOf(await seenBy('bob'))).not.toContain('Reachable');
  });

  it('promises nothing to somebody else, and says what they clicked as people say it', async () => {
    await begin();
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const { id } = world.proxy.store.rows()[0]!;
    const own = await seenBy('alice', rooms.channel);
    const words = { again: 'again', cancel: 'cancel', 'share-here': 'show here' };
    for (const [verb, said] of Object.entries(words)) {
      const { json } = await world.click('bob', { verb, data: actionOf(own, 'Show here').data }, rooms.channel);
      expect(json['value']).toMatch(verb === 'again' ? /asked again/ : / if it is your check/);
      await world.drain();
      expect(wordsOf(world.lastCard())).toContain(`bob <b> asked:\n${said} ${id.slice(0, 8)}\n`);
    }
  });

  it('asks policy again', async () => {
    await begin({}, { policy: policyOf([{ id: 'all', effect: 'allow' }]) });
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const show = actionOf(world.lastCard(), 'Show here');
    Object.assign(world.deps.policy, policyOf([{ id: 'none', effect: 'deny' }]));
    await world.click('alice', show, { ...rooms.channel, replyToId: 'the-card' });
    await world.drain();
    expect(shown()).toEqual([]);
    expect(world.events('shared')).toEqual([]);
  });

  it('is not there in a channel that others than its team share', async () => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', line, rooms.shared);
    await world.drain();
    expect(wordsOf(world.lastCard())).not.toContain('Show here');
    expect(wordsOf(await seenBy('alice', rooms.shared))).not.toContain('Show here');
    const [check] = world.proxy.store.rows();
    const { json } = await world.click('alice', { verb: 'path', data: { check: check!.id } }, rooms.shared);
    expect(wordsOf(json['value'])).toContain('Reachable');
    expect(wordsOf(json['value'])).not.toContain('Show here');
    const forged = { verb: 'share-here', data: { check: check!.id } };
    await world.click('alice', forged, { ...rooms.shared, replyToId: 'the-card' });
    await world.drain();
    expect(wordsOf(await seenBy('alice', rooms.shared))).toContain('shared with others than its own team');
    expect(shown()).toEqual([]);
    expect(world.events('shared')).toEqual([]);
  });

  const ours = { tenantId };
  const theirs = { tenantId: '22222222-2222-4222-8222-222222222222' };
  it.each<readonly [string, readonly (readonly object[])[] | undefined, string]>([
    ['somebody is of another organisation', [[ours, theirs]], 'not of your organisation'],
    ['somebody on the last page is', [[ours], [ours], [theirs]], 'not of your organisation'],
    ['Teams does not say of somebody which they are of', [[ours, {}]], 'not of your organisation'],
    ['Teams cannot be asked', undefined, 'does not say now who reads here'],
  ])('shows nothing where %s, and says so to its clicker', async (_, members, why) => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', line, rooms.group);
    await world.drain();
    const show = actionOf(world.lastCard(), 'Show here');
    if (members) world.bots.members.set(rooms.group.conversation.id, members);
    else world.bots.instead.members = down;
    await world.click('alice', show, { ...rooms.group, replyToId: 'the-card' });
    await world.drain();
    expect(wordsOf(await seenBy('alice', rooms.group))).toContain(why);
    expect(shown()).toEqual([]);
    expect(world.events('shared')).toEqual([]);
  });

  it('shows it where all of many are of the organisation, however its id is written', async () => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const upper = { tenantId: tenantId.toUpperCase() };
    world.bots.members.set('19:net@thread.tacv2', [Array(500).fill(ours), [upper]]);
    await world.click('alice', actionOf(world.lastCard(), 'Show here'), { ...rooms.channel, replyToId: 'the-card' });
    await world.drain();
    expect(shown()).toHaveLength(1);
  });

  it.each([
    ['does not say whether it took it', [503], 'may not have been shown in Network'],
    ['knows neither the card nor the conversation any more', [404, 404], 'could not be shown in Network'],
  ])('tells its clicker where Teams %s', async (_, statuses, words) => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const show = actionOf(world.lastCard(), 'Show here');
    const left = [...statuses];
    world.bots.instead.activities = (response) =>
      response.writeHead(left.shift() ?? 200, { 'content-type': 'application/json' }).end('{"id":"told"}');
    await world.click('alice', show, { ...rooms.channel, replyToId: 'the-card' });
    await world.drain();
    expect(left).toEqual([]);
    expect(wordsOf(await seenBy('alice'))).toContain(words);
  });

  it('that comes again shows it once', async () => {
    await begin();
    await world.linkOf('alice');
    await world.write('alice', line, rooms.channel);
    await world.drain();
    const activity = world.clickOf('alice', actionOf(world.lastCard(), 'Show here'), {
      ...rooms.channel,
      replyToId: 'c',
    });
    for (let i = 0; i < 5; i++) await world.send(activity);
    await world.drain();
    expect(world.events('shared')).toHaveLength(1);
    expect(shown()).toHaveLength(1);
  });
});

describe('a click', () => {
  it.each([
    [{ verb: 'delete', data: {} }],
    [{ verb: 'again', data: {} }],
    [{ verb: 'again', data: { check: 'x' } }],
    [{ verb: 'see', data: { check: '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f' } }],
    [{ verb: 'again', data: { check: '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f', room: 'x' } }],
  ])('on what is no button of ours asks for nothing: %j', async (action) => {
    await begin();
    const answer = await world.click('alice', action);
    expect(answer).toMatchObject({ status: 200, json: { statusCode: 400, type: 'application/vnd.microsoft.error' } });
    expect([world.requests.rows(), world.chatQueue.sent]).toEqual([[], []]);
  });

  it('of another on a card that was shown is that person’s own request', async () => {
    await begin();
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line, rooms.channel);
    await world.drain();
    await world.click('alice', actionOf(world.lastCard(), 'Show here'), { ...rooms.channel, replyToId: 'the-card' });
    await world.drain();
    await world.click('bob', actionOf(world.lastCard(), 'Check again'), { ...rooms.channel, replyToId: 'the-card' });
    await world.drain();
    // Bob may not read Alice's check, so he cannot ask it again either.
    expect(world.events('requested').map(({ requester }) => requester.name)).toEqual(['alice']);
    expect(world.lastCard().refresh?.userIds).toEqual(['29:bob']);
    expect(wordsOf(await seenBy('bob'))).toContain('no check of that id');
    expect(wordsOf(await seenBy('bob'))).toContain('To ask the same yourself, write SOURCE DESTINATION');
  });

  it('shows the path at once, to whoever may read the check', async () => {
    await begin();
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    await world.write('alice', line);
    await world.drain();
    const [check] = world.proxy.store.rows();
    const path = { verb: 'path', data: { check: check!.id } };
    const answer = await world.click('alice', path);
    expect(answer.json).toMatchObject({ type: 'application/vnd.microsoft.card.adaptive' });
    expect(wordsOf(answer.json['value'])).toContain('From: ');
    expect(wordsOf((await world.click('bob', path)).json['value'])).toContain('no check of that id');
  });
});

describe('linking', () => {
  it('binds the account to whom the activity names, and to nobody else', async () => {
    await begin();
    const code = await world.codeOf('alice');
    const asked = { body: { code } };
    expect((await world.ask('POST /api/chat/links/preview', 'bob', asked)).json).toMatchObject({
      ...{ chat: 'teams', team: tenantId, user: objectIdOf('alice'), name: 'alice <b>' },
    });
    const refused = await world.ask('POST /api/chat/links', 'bob', asked);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('person who wrote \\"link\\"')]);
    expect(refused.text).not.toContain('e-mail');
    expect(world.events('refused')).toHaveLength(1);
    expect((await world.ask('POST /api/chat/links', 'alice', asked)).status).toBe(404);
    await world.linkOf('alice');
    expect(world.events('linked')).toMatchObject([{ requester: { name: 'alice' } }]);
  });

  it('tells the account what was bound', async () => {
    await begin();
    const code = await world.codeOf('alice');
    await world.ask('POST /api/chat/links', 'alice', { body: { code } });
    await world.drain();
    expect(wordsOf(world.lastCard())).toContain(`acts as alice (${objectIdOf('alice')})`);
  });

  it('carries no more of a guest, or of anybody, than asking for checks', async () => {
    await begin();
    const claims = { upn: 'guest_example.org#EXT#@contoso.example', idp: 'https://sts.windows.net/other/' };
    await world.linkOf('guest', { roles: ['Check.Request', 'Audit.Read', 'Check.Admin'], claims });
    await world.write('guest', 'me');
    await world.drain();
    expect(wordsOf(world.lastCard())).toContain('Roles: Check.Request\n');
  });
});
