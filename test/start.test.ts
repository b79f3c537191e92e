import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppCopy, copyApp } from './support/app/app-copy.ts';
import { runLocally } from './support/app/local-check.ts';
import { processesOf } from './support/app/processes-of.ts';

let copy: AppCopy;

beforeAll(async () => {
  copy = await copyApp({ fromSources: true });
});
afterAll(() => copy.remove());

/** Why the app does not start. */
async function refusal(settings: Record<string, string>): Promise<string> {
  const app = await copy.start(settings).catch((error: unknown) => (error instanceof Error ? error.message : ''));
  if (typeof app === 'string') return app;
  await app.stop();
  throw new Error('The app started.');
}

describe('npm start', () => {
  it('is ready with nothing given, runs a check, and leaves no process when Ctrl-C ends it with 0', async () => {
    const npm = spawn('npm', ['start'], {
      cwd: copy.folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', SIMULATOR_SPEED: '200' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A terminal's Ctrl-C goes to all processes of the group.
      detached: true,
    });
    npm.stderr.resume();
    const exited = once(npm, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: npm.stdout })) {
      lines.push(line);
      if (line.startsWith('Ready: ')) break;
    }
    npm.stdout.resume();
    const url = lines.at(-1)?.slice('Ready: '.length) ?? '';
    expect(lines.join('\n')).toContain(`Connectivity Check Proxy, on this machine only: ${url}`);
    expect(lines).toContain('  chats             not set up');
    expect(await runLocally({ url })).toMatchObject({ status: 'Succeeded' });

    const running = processesOf(copy, npm.pid);
    expect(running.length).toBeGreaterThanOrEqual(3);
    process.kill(-(npm.pid ?? NaN), 'SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(processesOf(copy).filter((pid) => running.includes(pid))).toEqual([]);
    await expect(fetch(`${url}/api/health`)).rejects.toThrow();
  });

  it('does not start with unsafe settings: says all that is wrong, exits with 1, and leaves nothing running', async () => {
    const given = { ENTRA_TENANT_ID: 'tenant', ENTRA_AUDIENCE: 'audience', ENTRA_AUTHORITY: 'https://entra.example' };
    const unsafe = {
      ...given,
      ARM_ENDPOINT: 'http://management.example',
      PAUSED: 'maybe',
      POLICY: '{"version":1,"rule":[]}',
    };
    const error = await refusal(unsafe);
    expect(error).toContain('The app ended with 1 before it was ready.\n');
    expect(error).toContain('- ARM_ENDPOINT: give an https URL');
    expect(error).toContain('- PAUSED: give true or false');
    expect(error).toContain('- policy: ');
    expect(processesOf(copy)).toEqual([]);
  });
});
