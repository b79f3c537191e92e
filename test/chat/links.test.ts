import { afterEach, describe, expect, it } from 'vitest';
import { person, teamId } from '../support/slack/fake-slack.ts';
import { policyOf } from '../support/memory/memory-proxy.ts';
import { Problem } from '../../src/contract/problem.ts';
import { confirmChatLink, listChatLinks, previewChatLink, removeChatLink } from '../../src/http/chat/links.ts';
import { linkIdOf } from '../../src/chat/link/link.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { tenantId, webVm } from '../support/samples.ts';
import { publicUrl, slackWorld } from './slack-world.ts';

const DAY_SECONDS = 86_400;
const line = `${webVm} 10.1.2.4:1433`;

let world: Awaited<ReturnType<typeof slackWorld>>;
const begin = async (...given: Parameters<typeof slackWorld>) => (world = await slackWorld(...given));
afterEach(() => world.stop());

const confirm = (code: string, asking: Parameters<typeof world.ask>[1] = {}) =>
  world.ask('POST /api/chat/links', { ...asking, body: { code } });
const isAlice = (changes: object = {}) =>
  world.slack.users.set('Ualice', person('Ualice', 'Alice@Contoso.example', changes));

async function says(user: string, text: string): Promise<string> {
  await world.send('commands', world.commandOf(user, text));
  await world.drain();
  return world.lastSaid().words;
}

describe('link', () => {
  it('answers its asker alone with an address that holds 128 bits, of which only the hash is kept', async () => {
    await begin();
    const code = await world.codeOf('alice');
    const said = world.lastSaid();
    expect([said.method, said.body.response_type]).toEqual(['response_url', 'ephemeral']);
    expect(JSON.stringify(said.body)).toContain(`${publicUrl}/#/link/${code}`);
    expect(Buffer.from(code, 'base64url')).toHaveLength(16);
    const kept = await world.deps.links.findCode(code);
    expect(kept).toBeUndefined();
    expect(JSON.stringify([world.log, world.requests.rows(), world.proxy.audit.events()])).not.toContain(code);
  });

  it('shows which account would act, binds it to the person who confirms, and tells both', async () => {
    await begin();
    world.deps.linkDays = 30;
    isAlice();
    const code = await world.codeOf('alice');
    const preview = await world.ask('POST /api/chat/links/preview', { body: { code } });
    expect(preview.json).toMatchObject({ chat: 'slack', team: teamId, user: 'Ualice', name: 'Alice', days: 30 });
    expect(preview.json).toMatchObject({ email: 'alice@contoso.example', teamName: 'contoso' });
    const answer = await confirm(code);
    const id = `${tenantId}/${objectIdOf('alice')}`;
    expect([answer.status, answer.json]).toMatchObject([
      201,
      { user: 'Ualice', requester: { id }, roles: ['Check.Request'] },
    ]);
    await world.drain();
    expect(world.lastSaid()).toMatchObject({ method: 'chat.postMessage', body: { channel: 'Ualice' } });
    expect(world.lastSaid().words).toContain('acts as alice');
    expect(world.events('linked')).toMatchObject([
      { requester: { id, via: 'http' }, target: { resource: `slack/${teamId}/Ualice` }, decision: { allowed: true } },
    ]);
    expect(await says('alice', 'me')).toContain(id);
  });

  it('takes a code once, within ten minutes, and only the newest of an account', async () => {
    await begin();
    isAlice();
    const old = await world.codeOf('alice');
    const code = await world.codeOf('alice');
    expect((await confirm(old)).status).toBe(404);
    expect((await confirm(code)).status).toBe(201);
    expect((await confirm(code)).status).toBe(404);
    const late = await world.codeOf('alice');
    world.proxy.advance(599);
    expect((await world.ask('POST /api/chat/links/preview', { body: { code: late } })).status).toBe(200);
    world.proxy.advance(1);
    expect((await confirm(late)).status).toBe(404);
    expect((await world.ask('POST /api/chat/links/preview', { body: { code: late } })).status).toBe(404);
  });

  it('of two who confirm at once binds one', async () => {
    await begin();
    isAlice();
    const code = await world.codeOf('alice');
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(code)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 404)]);
    expect(world.events('linked')).toHaveLength(1);
  });

  it.each([
    ['a guest', { is_restricted: true }, {}],
    ['a guest of one channel', { is_ultra_restricted: true }, {}],
    ['of another organisation', { is_stranger: true }, {}],
    ['of another workspace', { team_id: 'T0OTHER' }, {}],
    ['a bot', { is_bot: true }, {}],
    ['not the one that was asked for', { id: 'Umallory' }, {}],
    ['closed', { deleted: true }, {}],
    ['one whose e-mail address is not confirmed', { is_email_confirmed: false }, {}],
    ['one of which that is not said', { is_email_confirmed: undefined }, {}],
    ['one without an e-mail address', { profile: {} }, {}],
    ['somebody else’s', { profile: { email: 'bob@contoso.example' } }, {}],
    ['one of a name that only looks the same', { profile: { email: 'al\u0131ce@contoso.example' } }, {}],
    [
      'one that only an unverified e-mail claim names',
      {},
      { upn: 'other@contoso.example', email: 'alice@contoso.example' },
    ],
    [
      'one that a claim names which says that it is not verified',
      {},
      { upn: undefined, email: 'alice@contoso.example', xms_edov: false },
    ],
    ...[1, '1', 'true', 'True', {}, null].map((xms_edov): [string, object, object] => [
      `one that a claim names of which it is said in no known form that it is verified (${JSON.stringify(xms_edov)})`,
      {},
      { upn: undefined, email: 'alice@contoso.example', xms_edov },
    ]),
    // The sign of Kelvin, which `toLowerCase` makes a k.
    [
      'one of a name that Unicode makes the same',
      { profile: { email: '\u212aate@contoso.example' } },
      { upn: 'kate@contoso.example' },
    ],
    [
      'one of a name that Unicode makes the same of a claim',
      { profile: { email: 'kate@contoso.example' } },
      { upn: '\u212aate@contoso.example' },
    ],
    ['one that only shares the domain', {}, { upn: 'alicia@contoso.example' }],
    ['one of which a part is the name', {}, { upn: 'alice@contoso.example.evil' }],
  ])('does not bind an account that is %s, says why, audits it, and uses the code up', async (_, changes, claims) => {
    await begin();
    isAlice(changes);
    const code = await world.codeOf('alice');
    const answer = await confirm(code, { claims });
    expect([answer.status, answer.json]).toMatchObject([403, { error: { code: 'PolicyRefused' } }]);
    expect(world.events('refused')).toMatchObject([{ target: { resource: `slack/${teamId}/Ualice` } }]);
    expect((await confirm(code)).status).toBe(404);
    expect(world.events('linked')).toEqual([]);
    expect(await says('alice', 'me')).toContain('linked with nobody');
  });

  it('does not bind Slack’s own bot', async () => {
    await begin();
    world.slack.users.set('USLACKBOT', person('USLACKBOT', 'alice@contoso.example'));
    expect((await confirm(await world.codeOf('SLACKBOT'))).status).toBe(403);
    expect(world.events('linked')).toEqual([]);
  });

  it('binds nothing where that cannot be audited', async () => {
    await begin();
    isAlice();
    const code = await world.codeOf('alice');
    const { record } = world.proxy.deps.audit;
    Object.assign(world.proxy.deps.audit, {
      record: () => Promise.reject(new Problem('AuditUnavailable', 'Down.', { retryAfterSeconds: 5 })),
    });
    expect((await confirm(code)).status).toBe(503);
    Object.assign(world.proxy.deps.audit, { record });
    expect(await world.deps.links.list()).toEqual([]);
    expect(await says('alice', 'me')).toContain('linked with nobody');
  });

  it('is preceded by the end of the former one where the account was somebody else’s, which is audited', async () => {
    await begin();
    await world.linkOf('alice');
    world.slack.users.set('Ualice', person('Ualice', 'bob@contoso.example'));
    expect((await confirm(await world.codeOf('alice'), { user: 'bob' })).status).toBe(201);
    const events = world.proxy.audit.events().map(({ action, requester }) => [action, requester.name]);
    expect(events).toEqual([
      ['linked', 'alice'],
      ['unlinked', 'alice'],
      ['linked', 'bob'],
    ]);
    expect(await says('alice', 'me')).toContain(objectIdOf('bob'));
    expect(await world.deps.links.list()).toHaveLength(1);
  });

  it.each([
    ['upn', { upn: 'ALICE@contoso.example' }],
    ['preferred_username', { upn: undefined, preferred_username: 'alice@contoso.example' }],
    ['email that is verified', { upn: undefined, email: 'alice@contoso.example', xms_edov: true }],
  ])('holds the e-mail address to the claim %s', async (_, claims) => {
    await begin();
    isAlice();
    expect((await confirm(await world.codeOf('alice'), { claims })).status).toBe(201);
  });

  it.each([[{ scp: undefined }], [{ idtyp: 'app' }]])(
    'is for a person: an application (%j) is refused, which is audited, and uses the code up',
    async (claims) => {
      await begin();
      isAlice();
      const code = await world.codeOf('alice');
      const body = { code };
      expect((await world.ask('POST /api/chat/links/preview', { body, claims })).status).toBe(403);
      const answer = await confirm(code, { claims });
      expect(answer).toMatchObject({ status: 403, json: { error: { code: 'PolicyRefused' } } });
      expect(world.events('refused')).toMatchObject([
        { target: { resource: `slack/${teamId}/Ualice` }, decision: { reason: expect.stringContaining('a person') } },
      ]);
      expect((await confirm(code)).status).toBe(404);
      expect(world.events('linked')).toEqual([]);
    },
  );

  it('leaves the code good where the chat cannot be asked now', async () => {
    await begin();
    isAlice();
    const code = await world.codeOf('alice');
    world.slack.down.api = true;
    expect(await confirm(code)).toMatchObject({ status: 503, json: { error: { code: 'ChatUnavailable' } } });
    expect(world.log).toContain('Slack did not answer a question of the proxy. Error: users.info: 500');
    world.slack.down.api = false;
    expect((await confirm(code)).status).toBe(201);
  });

  it.each(['invalid_auth', 'missing_scope'])('tells operators that Slack answers %s', async (error) => {
    await begin();
    isAlice();
    const code = await world.codeOf('alice');
    world.slack.refusals.set('users.info', error);
    expect(await confirm(code)).toMatchObject({ status: 503, json: { error: { code: 'ChatUnavailable' } } });
    expect(world.log).toContain(`Slack did not answer a question of the proxy. Error: users.info: ${error}`);
  });

  it('troubles no operator with an account that Slack does not know', async () => {
    await begin();
    const code = await world.codeOf('alice');
    expect(await confirm(code)).toMatchObject({ status: 403 });
    expect(world.log.filter((line) => line.startsWith('Slack'))).toEqual([]);
  });
});

describe('the calls about links', () => {
  it('find nothing where no chat is set up, and say so', async () => {
    await begin();
    isAlice();
    const code = await world.codeOf('alice');
    const without = { ...world.deps, doors: {} };
    const notSetUp = { code: 'NotFound', message: 'Chat is not set up here.' };
    world.handlers.previewChatLink = previewChatLink(without);
    world.handlers.confirmChatLink = confirmChatLink(without);
    world.handlers.listChatLinks = listChatLinks(without);
    world.handlers.removeChatLink = removeChatLink(without);
    for (const call of ['POST /api/chat/links/preview', 'POST /api/chat/links']) {
      expect(await world.ask(call, { body: { code } })).toMatchObject({ status: 404, json: { error: notSetUp } });
    }
    for (const call of ['GET /api/chat/links', 'DELETE /api/chat/links/5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f']) {
      expect(await world.ask(call)).toMatchObject({ status: 404, json: { error: notSetUp } });
    }
    expect(world.proxy.audit.events()).toEqual([]);
  });
});

describe('a link', () => {
  it('carries the right to ask and nothing else: an auditor’s reads nobody’s check', async () => {
    await begin();
    await world.linkOf('bob');
    await world.send('commands', world.commandOf('bob', line));
    await world.drain();
    const id = world.proxy.store.rows()[0]?.id ?? '';
    await world.linkOf('alice', { roles: ['Check.Request', 'Audit.Read', 'Check.Admin'] });
    for (const verb of ['show', 'again', 'cancel', 'compare', 'share'])
      expect(await says('alice', `${verb} ${id}`)).toContain('There is no check of that id');
    expect(world.events('read')).toEqual([]);
    expect(await says('alice', 'me')).toContain('Roles: Check.Request');
  });

  it('of somebody without Check.Request may ask for nothing', async () => {
    await begin();
    await world.linkOf('alice', { roles: ['Audit.Read'] });
    expect(await says('alice', line)).toContain('Check.Request');
    expect(await says('alice', 'list')).toContain('Check.Request');
    expect(world.events('requested')).toEqual([]);
  });

  it('is seen by rules that deny with all roles that the token had', async () => {
    const rules = [
      { id: 'all', effect: 'allow' },
      { id: 'no-admins', effect: 'deny', requesters: { roles: ['Check.Admin'] }, reason: 'admins ask elsewhere' },
    ];
    await begin({}, { policy: policyOf(rules) });
    await world.linkOf('alice', { roles: ['Check.Request', 'Check.Admin'] });
    await world.linkOf('bob');
    expect(await says('alice', line)).toContain('admins ask elsewhere');
    expect(await says('bob', line)).toContain('Reachable');
  });

  it('carries the groups that the person had then, or that they are unknown', async () => {
    const group = '00000000-0000-4000-8000-00000000009a';
    const rules = [
      { id: 'own', effect: 'allow', requesters: { groups: [group] } },
      { id: 'no', effect: 'deny', requesters: { groups: [`${group.slice(0, -1)}b`] }, reason: 'not for group b' },
    ];
    await begin({}, { policy: policyOf(rules) });
    await world.linkOf('alice', { claims: { groups: [group] } });
    expect(await says('alice', line)).toContain('Reachable');
    await world.linkOf('bob', { claims: { groups: [group, `${group.slice(0, -1)}b`] } });
    expect(await says('bob', line)).toContain('not for group b');
    await world.linkOf('carol', { claims: { groups: [] } });
    expect(await says('carol', line)).toContain('not allow');
    // Of whom it is not known whether they are in the group that is denied.
    await world.linkOf('dave', { claims: { _claim_names: { groups: 'src1' } } });
    expect(await says('dave', line)).toContain('not allow');
    expect(world.events('requested')).toHaveLength(1);
    const links = await world.deps.links.list();
    expect(links.map(({ link }) => [link.name, link.caller.groups, link.caller.groupsOverage])).toEqual([
      ['alice', [group], false],
      ['bob', [group, `${group.slice(0, -1)}b`], false],
      ['carol', [], false],
      ['dave', [], true],
    ]);
  });

  it('holds for the account alone that was linked, and through the door by which it comes', async () => {
    await begin();
    await world.linkOf('alice');
    const [stored] = await world.deps.links.list();
    const { id, via, agent } = stored!.link.caller.requester;
    expect([id, via, agent]).toEqual([`${tenantId}/${objectIdOf('alice')}`, 'slack', `slack/${teamId}/Ualice`]);
    expect(await says('alice2', 'me')).toContain('linked with nobody');
  });

  it.each([1, 7, 30])('ends after its days: %i', async (days) => {
    await begin();
    world.deps.linkDays = days;
    await world.linkOf('alice');
    world.proxy.advance(days * DAY_SECONDS - 60);
    expect(await says('alice', 'me')).toContain('alice');
    world.proxy.advance(60);
    expect(await says('alice', line)).toContain('linked with nobody');
    expect(world.events('unlinked')).toHaveLength(1);
  });

  it('is looked up once a day, and ends where the account would not be linked now', async () => {
    await begin();
    await world.linkOf('alice');
    const lookUps = () => world.slack.calls.filter(({ method }) => method === 'users.info').length;
    await says('alice', 'me');
    world.proxy.advance(DAY_SECONDS - 1);
    await world.sweep();
    await says('alice', 'me');
    expect(lookUps()).toBe(0);
    world.proxy.advance(1);
    await world.sweep();
    await world.sweep();
    await says('alice', 'me');
    expect(lookUps()).toBe(1);
    world.slack.users.set('Ualice', person('Ualice', 'alice@contoso.example', { deleted: true }));
    world.proxy.advance(DAY_SECONDS);
    expect(await says('alice', line)).toContain('linked with nobody');
    expect(world.events('unlinked')).toMatchObject([{ decision: { reason: 'The chat account is closed.' } }]);
  });

  /** What happens while Slack looks for its answer. */
  const whileLookedUp = (meanwhile: () => Promise<void>): void => {
    const door = world.deps.doors.slack;
    const { lookUp } = door;
    let isFirst = true;
    Object.assign(door, {
      lookUp: async (...given: Parameters<typeof lookUp>) => {
        const profile = await lookUp(...given);
        if (isFirst) {
          isFirst = false;
          await meanwhile();
        }
        return profile;
      },
    });
  };

  it.each([
    ['Slack says that it holds', false],
    ['Slack says nothing', true],
  ])('that its person ends while it is looked up acts no more: %s', async (_what, isDown) => {
    await begin();
    await world.linkOf('alice');
    world.proxy.advance(DAY_SECONDS);
    if (isDown) world.slack.failing.add('users.info');
    whileLookedUp(async () => {
      const [stored] = await world.deps.links.list();
      await world.ask(`DELETE /api/chat/links/${stored!.link.id}`);
    });
    expect(await says('alice', line)).toContain('linked with nobody');
    expect(world.events('requested')).toEqual([]);
    expect(await world.deps.links.list()).toEqual([]);
  });

  it('that two look up at once acts for both', async () => {
    await begin();
    await world.linkOf('alice');
    world.proxy.advance(DAY_SECONDS);
    whileLookedUp(() => world.sweep().then(() => undefined));
    expect(await says('alice', 'me')).toContain('Roles: Check.Request');
    const [stored] = await world.deps.links.list();
    expect(stored?.link.confirmedAt.slice(0, 13)).toBe(world.proxy.now().toISOString().slice(0, 13));
    expect(world.events('unlinked')).toEqual([]);
  });

  it('that is made anew while the former one ends acts as the new one', async () => {
    await begin();
    await world.linkOf('alice');
    isAlice({ deleted: true });
    world.proxy.advance(DAY_SECONDS);
    whileLookedUp(async () => {
      isAlice();
      const [stored] = await world.deps.links.list();
      const now = world.proxy.now().toISOString();
      await world.deps.links.put({ ...stored!.link, linkedAt: now, confirmedAt: now });
    });
    expect(await says('alice', 'me')).toContain('Roles: Check.Request');
    expect(await world.deps.links.list()).toHaveLength(1);
    expect(world.events('unlinked')).toEqual([]);
  });

  it('ends where the chat could not say for two days whose account it is', async () => {
    await begin();
    await world.linkOf('alice');
    world.slack.users.delete('Ualice');
    world.slack.down.api = true;
    world.proxy.advance(2 * DAY_SECONDS - 1);
    expect(await says('alice', 'me')).toContain('alice');
    world.proxy.advance(1);
    expect(await says('alice', 'me')).toContain('linked with nobody');
  });

  it.each(['ratelimited', 'invalid_auth', 'internal_error'])(
    'holds for two days where Slack refuses to say whose account it is: %s',
    async (error) => {
      await begin();
      await world.linkOf('alice');
      world.slack.refusals.set('users.info', error);
      world.proxy.advance(2 * DAY_SECONDS - 1);
      expect(await says('alice', 'me')).toContain('alice');
      world.proxy.advance(1);
      expect(await says('alice', 'me')).toContain('linked with nobody');
    },
  );

  it('ends where Slack does not know the account any more, or the app is one of another workspace now', async () => {
    await begin();
    for (const user of ['alice', 'bob']) await world.linkOf(user);
    world.slack.users.delete('Ualice');
    const bob = await world.deps.links.find({ chat: 'slack', team: teamId, user: 'Ubob' });
    const account = { ...bob!.link.account, team: 'T0FORMER' };
    await world.deps.links.remove(bob!);
    await world.deps.links.put({ ...bob!.link, id: linkIdOf(account), account });
    world.proxy.advance(DAY_SECONDS);
    await world.sweep();
    expect(world.events('unlinked').map(({ target }) => target)).toEqual([
      { resource: `slack/${teamId}/Ualice` },
      { resource: 'slack/T0FORMER/Ubob' },
    ]);
    expect(await world.deps.links.list()).toEqual([]);
  });

  it('whose time is over is listed to nobody, and swept; so are codes', async () => {
    await begin();
    await world.linkOf('alice');
    await world.codeOf('bob');
    world.proxy.advance(7 * DAY_SECONDS);
    const { json } = await world.ask('GET /api/chat/links');
    expect(json['value']).toEqual([]);
    const forgotten: Date[] = [];
    const { forgetCodes } = world.deps.links;
    Object.assign(world.deps.links, { forgetCodes: (at: Date) => (forgotten.push(at), forgetCodes(at)) });
    await world.sweep();
    expect(forgotten).toEqual([world.proxy.now()]);
    expect(world.events('unlinked')).toMatchObject([{ decision: { reason: 'Its time is over.' } }]);
  });

  it('is one’s own to see and to end; Check.Admin sees and ends all, which is audited', async () => {
    await begin();
    await world.linkOf('alice');
    await world.linkOf('bob');
    const linksOf = async (user: string, roles: readonly string[] = []) =>
      (await world.ask('GET /api/chat/links', { user, roles })).json['value'] as unknown as {
        id: string;
        user: string;
      }[];
    const [own] = await linksOf('alice');
    expect((await linksOf('alice')).map(({ user }) => user)).toEqual(['Ualice']);
    expect(await linksOf('carol')).toEqual([]);
    const end = (user: string, roles: readonly string[] = []) =>
      world.ask(`DELETE /api/chat/links/${own?.id ?? ''}`, { user, roles });
    expect((await end('bob')).status).toBe(404);
    expect(world.events('read')).toEqual([]);
    expect((await linksOf('carol', ['Check.Admin'])).length).toBe(2);
    expect(world.events('read')).toMatchObject([
      { requester: { name: 'carol' }, target: { resource: '/api/chat/links' } },
    ]);
    expect((await end('alice')).status).toBe(200);
    expect((await end('alice')).status).toBe(404);
    expect(world.events('unlinked')).toMatchObject([{ requester: { name: 'alice' } }]);
    expect(await says('alice', 'me')).toContain('linked with nobody');
    const [other] = await linksOf('bob');
    const ended = await world.ask(`DELETE /api/chat/links/${other?.id ?? ''}`, {
      user: 'carol',
      roles: ['Check.Admin'],
    });
    expect(ended.status).toBe(200);
    expect(world.events('unlinked').at(-1)).toMatchObject({ requester: { name: 'carol' } });
  });
});
