import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkViewSchema } from '../src/contract/check.ts';
import { type AppCopy, copyApp } from './support/app/app-copy.ts';
import type { App } from './support/app/start-app.ts';
import { codeBlocks } from './support/code-blocks.ts';
import { ownAccount } from './support/run/own-account.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const guide = readFileSync(join(root, 'docs/use.md'), 'utf8');
const blocks = codeBlocks('docs/use.md', 'sh');
const clientId = '00000000-0000-4000-8000-0000000000aa';

/** Blocks of the guide as they are, with the fake az before the real one, in a folder that has the scripts. */
describe('docs/use.md, run as it is written', () => {
  let folder: string;
  let copy: AppCopy;
  let app: App;
  let token: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'use-'));
    for (const part of ['scripts', 'infra']) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'test/infra/fake-az.js'), join(folder, 'az'));
    copy = await copyApp();
    app = await copy.start({ AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: '200' });
    const answer = await fetch(`${app.url}/.local/token`, {
      method: 'POST',
      body: JSON.stringify({ user: 'alice', roles: ['Check.Request'] }),
    });
    token = z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
    save({ app: null, principal: {}, federated: {}, assignments: [], secrets: [], calls: [], token });
    expect(run('scripts/entra-app.sh register proxy-test').status).toBe(0);
  });

  afterAll(async () => {
    await app.stop();
    await copy.remove();
    rmSync(folder, { recursive: true });
  });

  const save = (state: object): void => {
    writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  };
  const calls = () =>
    z
      .object({ calls: z.array(z.object({ method: z.string(), args: z.array(z.string()).optional() })) })
      .parse(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')))
      .calls.flatMap(({ args }) => (args ? [args.join(' ')] : []));

  function run(...commands: string[]) {
    const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
    return spawnSync('bash', ['-euo', 'pipefail', '-c', commands.join('\n')], {
      // Bash takes a socket for a remote shell's, and would read its start-up files.
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: path, HOME: folder, AZ_STATE: join(folder, 'state.json') },
    });
  }

  /** The one block that has these words. */
  function block(...words: string[]): string {
    const found = blocks.filter((one) => words.every((word) => one.includes(word)));
    expect([words, found.length]).toEqual([words, 1]);
    return found[0] ?? '';
  }

  const values = () => `TENANT=tenant-1 CLIENT=${clientId} PROXY=${app.url}`;

  it('is commands that a shell can read', () => {
    expect(blocks.length).toBeGreaterThan(12);
    for (const each of blocks) expect([each, run('set -n', each).stderr]).toEqual([each, '']);
  });

  it('begins with the three values that all commands take', () => {
    const named = [...blocks[0]!.matchAll(/^([A-Z]+)=/gm)].map(([, name]) => name);
    expect(named).toEqual(['TENANT', 'CLIENT', 'PROXY']);
  });

  it('gets somebody without a subscription from a sign-in to the end of a first check', () => {
    const me = block('/api/me');
    const get = block('az account get-access-token --tenant');
    const first = [block('az login --tenant'), get, me];
    const { status, stdout } = run(values(), ...first);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ requester: { name: 'alice' }, roles: ['Check.Request'] });
    expect(calls()).toContain('login --tenant tenant-1 --allow-no-subscriptions');

    const dryRun = run(values(), get, block('dryRun=true'));
    expect(JSON.parse(dryRun.stdout)).toMatchObject({ decision: { allowed: true } });
    const check = run(values(), get, block('"first check"'), block('$PROXY/api/checks/$CHECK'));
    const ended = checkViewSchema.parse(JSON.parse(check.stdout));
    expect(ended).toMatchObject({ status: 'Succeeded', verdict: { reachability: 'Reachable' }, reason: 'first check' });
  });

  it('gets a managed identity its token, and a program its registration', () => {
    const identity = run(values(), block('az login --identity'), block('--resource "api://$CLIENT"'), 'echo "$TOKEN"');
    expect(identity.stdout.trim()).toBe(token);
    const program = run(values(), block('az ad app create'), 'echo "$APP $SECRET"');
    expect(program.stdout).toBe('app-1 secret-1\n');
    expect(run(block('az identity create')).status).toBe(0);
  });

  it('gives roles to people, groups, identities and programs, lists and takes them', () => {
    const { status, stdout, stderr } = run(`${values()} APP=app-1`, block('PERSON='), block('assign-role.sh list'));
    expect([status, stderr]).toEqual([0, '']);
    const holders = ['alice@example.com', 'app-1', 'id-netcheck-caller', 'team payments'];
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t').at(-1))
        .sort(),
    ).toEqual(holders.map((one) => `object-of-${one}`));
    const left = run(`scripts/assign-role.sh list ${clientId}`).stdout;
    expect(left).not.toContain('alice');
    expect(left).toContain('app-1');
  });

  it('finds machines without the agent, and installs it', () => {
    expect(run(block('az graph query')).status).toBe(0);
    expect(run('MACHINE_ID=/subscriptions/s/machine', block('az vm extension set')).status).toBe(0);
    expect(calls().at(-1)).toContain('--ids /subscriptions/s/machine --publisher Microsoft.Azure.NetworkWatcher');
  });
});

describe('docs/use.md', () => {
  it('names only scripts that are there and headings that are there', () => {
    for (const [, script = ''] of guide.matchAll(/(scripts\/[\w-]+\.sh)/g))
      expect(readFileSync(join(root, script), 'utf8')).toContain('#!/bin/sh');
    const headings = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const [, anchor] of guide.matchAll(/\]\(#([\w-]+)\)/g)) expect(headings).toContain(anchor);
  });
});
