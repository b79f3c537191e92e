import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { colorIcon, outlineIcon } from '../../scripts/teams/icon.ts';
import { teamsManifest } from '../../scripts/teams/manifest.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'teams-app-'));
afterAll(() => {
  rmSync(out, { recursive: true });
});

const run = (environment: Record<string, string>) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/teams-app.ts', '--out', out], {
    ...{ cwd: root, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', ...environment } },
  });
const appId = '99999999-8888-4777-8666-55555555555A';

describe('npm run teams-app', () => {
  it('makes the same package each time: the manifest of these settings, and two icons', () => {
    const settings = { TEAMS_APP_ID: appId, PUBLIC_URL: 'https://proxy.example.com/' };
    const { status, stderr } = run(settings);
    expect([status, stderr]).toEqual([0, '']);
    const archive = readFileSync(join(out, 'teams-app.zip'));
    expect(run(settings).status).toBe(0);
    expect(readFileSync(join(out, 'teams-app.zip')).equals(archive)).toBe(true);
    const files = unzipSync(archive);
    expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    expect(JSON.parse(Buffer.from(files['manifest.json']!).toString())).toMatchObject({
      id: appId.toLowerCase(),
      bots: [{ botId: appId.toLowerCase(), scopes: ['personal', 'team', 'groupChat'] }],
      validDomains: ['proxy.example.com'],
    });
  });

  it('names every setting that is missing', () => {
    const { status, stderr } = run({ PUBLIC_URL: 'http://proxy.example.com' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^TEAMS_APP_ID: .*\nPUBLIC_URL: .*\n$/);
  });
});

describe('the manifest', () => {
  const manifest = teamsManifest({ appId, publicUrl: 'https://proxy.example.com', version: '0.1.0' });

  it('stays within what Teams takes', () => {
    expect(manifest.name.short.length).toBeLessThanOrEqual(30);
    expect(manifest.description.short.length).toBeLessThanOrEqual(80);
    for (const { commands } of manifest.bots[0]!.commandLists) {
      expect(commands.length).toBeLessThanOrEqual(10);
      for (const { title, description } of commands) {
        expect(title.length).toBeLessThanOrEqual(32);
        expect(description.length).toBeLessThanOrEqual(128);
      }
    }
  });

  it('tells whoever adds the app that it learns who writes, and nothing that it does not do', () => {
    expect(manifest.permissions).toEqual(['identity']);
    expect(manifest.bots[0]).toMatchObject({ supportsFiles: false, isNotificationOnly: false });
  });

  it('offers to link in a personal chat alone', () => {
    const offering = manifest.bots[0]!.commandLists.filter(({ commands }) =>
      commands.some(({ title }) => title === 'link'),
    );
    expect(offering.map(({ scopes }) => scopes)).toEqual([['personal']]);
  });
});

describe.each([
  ['color', colorIcon(), 192],
  ['outline', outlineIcon(), 32],
] as const)('the icon %s', (name, icon, size) => {
  const points = inflateSync(icon.subarray(icon.indexOf('IDAT') + 4, icon.length - 16));

  it('is a picture of the size that Teams asks for', () => {
    expect(icon.subarray(1, 4).toString()).toBe('PNG');
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([size, size]);
    expect(points).toHaveLength(size * (1 + size * 4));
  });

  it('has corners that nothing is in, and something in the middle', () => {
    expect([...points.subarray(1, 5)][3]).toBe(0);
    const middle = Math.floor(size / 2) * (1 + size * 4) + 1 + Math.floor(size / 2) * 4;
    expect([...points.subarray(middle, middle + 4)]).toEqual([255, 255, 255, 255]);
    if (name === 'outline')
      for (let at = 0; at < size * size; at++) {
        const [red, green, blue, opacity] = points.subarray(
          Math.floor(at / size) * (1 + size * 4) + 1 + (at % size) * 4,
        );
        if (opacity !== 0) expect([red, green, blue]).toEqual([255, 255, 255]);
      }
  });
});
