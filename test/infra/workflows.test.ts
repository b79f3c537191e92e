import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const folder = new URL('.github/workflows/', root);
const workflows = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);
const deploy = read('.github/workflows/deploy.yml');
const ci = read('.github/workflows/ci.yml');
const [, checked = '', whatIf = '', production = ''] = deploy.split(/^ {2}(?:ci|what-if|deploy):$/m);

describe.each(workflows)('%s', (_name, text) => {
  it('takes each variable by its name, and puts none into a script', () => {
    expect(text).not.toMatch(/toJSON|GITHUB_ENV/);
    const scripts = [...text.matchAll(/run: (?:[>|]-?\n((?: {10,}.*\n)+)|(.*\n))/g)];
    expect(scripts.flatMap(([script]) => (script.includes('${{') ? [script] : []))).toEqual([]);
  });

  it('uses no secret, and may do no more than read the repository where a job does not say so', () => {
    expect(text).not.toContain('secrets.');
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
  });
});

describe('deploy.yml', () => {
  it('gives infra/pipeline.bicepparam every variable, with the same defaults', () => {
    const taken = read('infra/pipeline.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'(?:, '(.*?)')?\)/g);
    const wanted = [...taken].map(([, name = '', fallback = '']) => [name, name, fallback]);
    const [, env = ''] = /^env:\n((?: {2}.*\n)+)/m.exec(deploy) ?? [];
    const given = [...env.matchAll(/^ {2}(\w+): \$\{\{ vars\.(\w+)(?: \|\| '(.*)')? \}\}$/gm)];
    expect(given).toHaveLength(env.trim().split('\n').length);
    expect(given.map(([, name, variable, fallback = '']) => [name, variable, fallback]).sort()).toEqual(wanted.sort());
  });

  it('tells what would change as an identity that cannot deploy, and of no pull request from a fork', () => {
    expect(whatIf).toContain("github.event_name == 'pull_request' && vars.AZURE_WHATIF_CLIENT_ID != ''");
    expect(whatIf).toContain('github.event.pull_request.head.repo.full_name == github.repository');
    expect(whatIf).toContain('client-id: ${{ vars.AZURE_WHATIF_CLIENT_ID }}');
    expect(whatIf).not.toContain('AZURE_CLIENT_ID');
    expect(whatIf).toContain('environment: what-if');
    // At any other level Azure would ask for the right to write what is deployed.
    expect(whatIf).toContain('--validation-level ProviderNoRbac');
  });

  it('deploys what was merged, and nothing else', () => {
    expect(production).toContain("if: github.event_name == 'push' && vars.AZURE_CLIENT_ID != ''");
    expect(production).toContain('client-id: ${{ vars.AZURE_CLIENT_ID }}');
    expect(production).toContain('environment: production');
    expect(production).not.toContain('WHATIF');
  });

  it('deploys nothing that CI has not passed', () => {
    expect(checked.trim().split('\n    ')).toEqual([
      "if: github.event_name == 'push'",
      'uses: ./.github/workflows/ci.yml',
    ]);
    expect(production).toMatch(/^ {4}needs: ci$/m);
    // Any of these would let it run after a failure.
    expect(deploy).not.toMatch(/always\(\)|failure\(\)|cancelled\(\)|continue-on-error/);
  });
});

describe('ci.yml', () => {
  it('runs once for a pull request, and once for what is merged: called by deploy.yml', () => {
    const [, on = ''] = /^on:\n((?: {2}.*\n)+)/m.exec(ci) ?? [];
    const events = on.split('\n').filter((line) => /^ {2}\w/.test(line));
    expect(events).toEqual(['  pull_request:', '  workflow_call:']);
  });

  it('lints, checks types and templates, and tests, on each Node version that an installation can have', () => {
    const { allowed } =
      /@allowed\(\[(?<allowed>.*)\]\)\nparam nodeVersion/.exec(read('infra/main.bicep'))?.groups ?? {};
    expect(ci).toContain(`node: [${allowed?.replaceAll("'", '') ?? 'none'}]`);
    expect(ci).not.toMatch(/continue-on-error|\|\| true/);
    const steps = [...ci.matchAll(/^ {6}- run: (.*)$/gm)].map(([, command = '']) => command);
    // The templates' tests skip themselves where there is no compiler.
    expect(steps.slice(0, 7)).toEqual([
      'npm ci',
      'npm run lint',
      'npm run types',
      'scripts/install-bicep.sh',
      'npm run infra:check',
      'npm test',
      'npm run test:all',
    ]);
  });
});
