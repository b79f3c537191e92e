import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const folder = new URL('.github/workflows/', root);
const workflows = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);
const deploy = readFileSync(new URL('deploy.yml', folder), 'utf8');
const [, whatIf = '', production = ''] = deploy.split(/^ {2}(?:what-if|deploy):$/m);

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
    const read = readFileSync(new URL('infra/pipeline.bicepparam', root), 'utf8').matchAll(
      /readEnvironmentVariable\('(\w+)'(?:, '(.*?)')?\)/g,
    );
    const wanted = [...read].map(([, name = '', fallback = '']) => [name, name, fallback]);
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

  it('deploys nothing before lint, types, the template and the tests have passed on every Node', () => {
    const ci = readFileSync(new URL('ci.yml', folder), 'utf8');
    expect(ci).toMatch(/^on:\n {2}pull_request:\n(?: {2}#.*\n)? {2}workflow_call:\npermissions:/m);
    expect(ci).toMatch(/node: \[22, 24\]/);
    const steps = [...ci.matchAll(/^ {6}- run: (\S+(?: run)? \S+|\S+)/gm)].map(([, command]) => command);
    expect(steps).toEqual([
      ...['npm ci', 'npm run lint', 'npm run types', 'scripts/install-bicep.sh', 'npm run infra:check', 'npm test'],
      'npm run package',
    ]);
    expect(deploy).toMatch(
      /^ {2}ci:\n {4}if: github.event_name == 'push'\n {4}uses: \.\/\.github\/workflows\/ci\.yml$/m,
    );
    expect(production).toMatch(/^\n {4}needs: ci$/m);
  });

  it('deploys what was merged, and nothing else', () => {
    expect(production).toContain("if: github.event_name == 'push' && vars.AZURE_CLIENT_ID != ''");
    expect(production).toContain('client-id: ${{ vars.AZURE_CLIENT_ID }}');
    expect(production).toContain('environment: production');
    expect(production).not.toContain('WHATIF');
  });
});
