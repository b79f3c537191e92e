import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { world } from '../../stand-ins/arm/scenarios/world.ts';
import { type AppCopy, copyApp } from '../support/app/app-copy.ts';
import type { App } from '../support/app/start-app.ts';
import { notRun } from '../support/run/not-run.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { askedOf } from './sdk.ts';

/** Debian's own Python has what apt-get installs; another may stand before it in PATH. */
const python = ['python3', '/usr/bin/python3'].find((each) => {
  try {
    execFileSync(each, ['-c', 'import azure.mgmt.network'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (python === undefined)
  notRun("Python's library of Azure against the proxy", 'Debian has it: apt-get install python3-azure');

let copy: AppCopy;
let app: App;
let environment: Record<string, string>;

const said = (pattern: RegExp): string => app.terminal.map((line) => pattern.exec(line)?.[1]).find(Boolean) ?? '';

async function checkOf(description: string): Promise<unknown> {
  const pair = world.pairs.find((each) => each.description === description)!;
  const { parameters, ...place } = askedOf(pair);
  // Python's names of members: the library writes them as Azure has them.
  const { source, destination, protocol } = parameters;
  const asked = {
    ...place,
    parameters: {
      source: { resource_id: source.resourceId },
      destination: { address: destination['address'], port: destination.port },
      protocol,
    },
  };
  const env = { ...environment, ASKED: JSON.stringify(asked) };
  const script = fileURLToPath(new URL('check.py', import.meta.url));
  const { stdout } = await promisify(execFile)(python!, [script], { env });
  return JSON.parse(stdout);
}

describe.runIf(python !== undefined)('azure-mgmt-network as Debian has it', () => {
  beforeAll(async () => {
    copy = await copyApp();
    const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
    app = await copy.start({ HTTPS_PORT: '0', SIMULATOR_SPEED: '1000', AzureWebJobsStorage: ownAccount(), POLICY });
    const body = JSON.stringify({ user: 'alice', roles: ['Check.Request'] });
    const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body });
    environment = {
      PATH: process.env['PATH'] ?? '',
      URL: said(/^By https: (\S+)$/),
      REQUESTS_CA_BUNDLE: said(/: (\/\S+https-certificate\.pem)$/),
      TOKEN: ((await answer.json()) as { access_token: string }).access_token,
    };
  });
  afterAll(async () => {
    await app.stop();
    await copy.remove();
  });

  it('gets the result of a check', async () => {
    expect(await checkOf('reachable in its own network')).toEqual({
      result: { connectionStatus: 'Reachable', hops: expect.any(Number) },
    });
  });

  it('is told of a refusal by Azure at once', async () => {
    expect(await checkOf('always 403: the identity lacks a right')).toEqual({
      status: 403,
      code: 'AuthorizationFailed',
    });
  });
});
