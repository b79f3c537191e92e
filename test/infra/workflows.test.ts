import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const folder = '.github/workflows/';

const text = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const stepSchema = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: text.optional(),
  env: text.optional(),
});
const jobSchema = z.object({
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  environment: z.string().optional(),
  permissions: text.optional(),
  outputs: text.optional(),
  env: text.optional(),
  strategy: z.object({ matrix: z.object({ node: z.array(z.number()) }) }).optional(),
  steps: z.array(stepSchema).default([]),
});
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: text,
  env: text.optional(),
  jobs: z.record(z.string(), jobSchema),
});
type Job = z.infer<typeof jobSchema>;

const workflow = (name: string) => workflowSchema.parse(parse(read(`${folder}${name}`)));
const names = readdirSync(new URL(folder, root));
const [ci, deploy] = [workflow('ci.yml'), workflow('deploy.yml')];
const job = ({ jobs }: z.infer<typeof workflowSchema>, name: string): Job => jobs[name]!;
const runsOf = ({ steps }: Job): string[] => steps.flatMap(({ run }) => run ?? []);
const actionsOf = ({ steps }: Job): string[] => steps.flatMap(({ uses }) => uses?.split('@')[0] ?? []);
const maySignIn = ({ permissions }: Job): boolean => permissions?.['id-token'] !== undefined;

describe.each(names)('%s', (name) => {
  const { jobs, permissions } = workflow(name);

  it('takes each variable by its name, and puts none into a script', () => {
    expect(read(`${folder}${name}`)).not.toMatch(/toJSON|GITHUB_ENV/);
    expect(Object.values(jobs).flatMap(runsOf).join('\n')).not.toContain('${{');
  });

  it('uses no secret, and may do no more than read the repository where a job does not say so', () => {
    expect(read(`${folder}${name}`)).not.toContain('secrets.');
    expect(permissions).toEqual({ contents: 'read' });
  });
});

describe('actions', () => {
  it.each(['ci.yml', 'deploy.yml'])('of %s are pinned to a commit, and the comment tells its version', (name) => {
    const uses = [...read(`${folder}${name}`).matchAll(/^\s+(?:- )?uses: (.*)$/gm)].map(([, used = '']) => used);
    const foreign = uses.filter((used) => !used.startsWith('./'));
    expect(foreign.length).toBeGreaterThan(1);
    for (const used of foreign) expect(used).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

describe('deploy.yml', () => {
  const [production, whatIf] = [job(deploy, 'deploy'), job(deploy, 'what-if')];

  it('gives infra/pipeline.bicepparam every variable, with the same defaults', () => {
    const taken = read('infra/pipeline.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'(?:, '(.*?)')?\)/g);
    const wanted = [...taken].map(([, name = '', fallback = '']) => [name, name, fallback]);
    const given = Object.entries(deploy.env ?? {}).map(([name, value]) => {
      const [, variable, fallback = ''] = /^\$\{\{ vars\.(\w+)(?: \|\| '(.*)')? \}\}$/.exec(String(value)) ?? [];
      return [name, variable, fallback];
    });
    expect(given.sort()).toEqual(wanted.sort());
  });

  it('tells what would change as an identity that cannot deploy, and of no pull request from a fork', () => {
    expect(whatIf.if).toContain("github.event_name == 'pull_request' && vars.AZURE_WHATIF_CLIENT_ID != ''");
    expect(whatIf.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
    expect(whatIf.steps.flatMap((step) => step.with?.['client-id'] ?? [])).toEqual([
      '${{ vars.AZURE_WHATIF_CLIENT_ID }}',
    ]);
    expect(whatIf.environment).toBe('what-if');
    // At any other level Azure would ask for the right to write what is deployed.
    expect(runsOf(whatIf).join()).toContain('--validation-level ProviderNoRbac');
  });

  it('deploys what was merged, and nothing else', () => {
    expect(production.if).toBe("github.event_name == 'push' && vars.AZURE_CLIENT_ID != ''");
    expect(production.environment).toBe('production');
    expect(production.steps.flatMap((step) => step.with?.['client-id'] ?? [])).toEqual(['${{ vars.AZURE_CLIENT_ID }}']);
  });

  it('deploys nothing that CI has not passed', () => {
    expect(job(deploy, 'ci')).toEqual({
      if: "github.event_name == 'push'",
      uses: './.github/workflows/ci.yml',
      steps: [],
    });
    expect(production.needs).toBe('ci');
    // Any of these would let it run after a failure.
    expect(read(`${folder}deploy.yml`)).not.toMatch(/always\(\)|failure\(\)|cancelled\(\)|continue-on-error/);
  });

  it('runs no package where somebody could sign in to Azure: no npm, no Node, no script that is not of a shell', () => {
    const signing = [ci, deploy].flatMap(({ jobs }) => Object.values(jobs)).filter(maySignIn);
    expect(signing).toEqual([whatIf, production]);
    for (const each of signing) {
      expect(runsOf(each).join('\n')).not.toMatch(/\b(npm|npx|node|tsx|yarn|pnpm|corepack)\b/);
      expect(actionsOf(each)).not.toContain('actions/setup-node');
    }
  });

  it('deploys the very package that was tested: its hash is held to that of the build before anybody signs in', () => {
    expect(
      z.object({ outputs: z.object({ sha256: z.object({ value: z.string() }) }) }).parse(ci.on['workflow_call']),
    ).toEqual({
      outputs: { sha256: { value: '${{ jobs.build.outputs.sha256 }}' } },
    });
    const at = (found: (step: z.infer<typeof stepSchema>) => boolean): number => production.steps.findIndex(found);
    const held = at(({ run }) => run === 'echo "$SHA256  app.zip" | sha256sum --check --strict');
    expect(production.steps[held]?.env).toEqual({ SHA256: '${{ needs.ci.outputs.sha256 }}' });
    const [fetched, policy, signedIn, deployed] = [
      at(({ uses }) => uses?.startsWith('actions/download-artifact@') === true),
      at(({ run }) => run === 'scripts/require-policy.sh'),
      at(({ uses }) => uses?.startsWith('azure/login@') === true),
      at(({ run }) => run?.includes('config-zip --src app.zip ') === true),
    ];
    expect(fetched).toBeGreaterThan(-1);
    const order = [fetched, held, policy, signedIn, deployed];
    expect(order.toSorted((a, b) => a - b)).toEqual(order);
  });
});

describe('ci.yml', () => {
  it('runs once for a pull request, and once for what is merged: called by deploy.yml', () => {
    expect(Object.keys(ci.on)).toEqual(['pull_request', 'workflow_call']);
  });

  it('builds once, without scripts of packages, and tells the hash of what it built', () => {
    const { steps, outputs } = job(ci, 'build');
    expect(outputs).toEqual({ sha256: '${{ steps.hash.outputs.sha256 }}' });
    expect(steps.flatMap(({ run, uses }) => run ?? uses?.split('@')[0] ?? [])).toEqual([
      'actions/checkout',
      'actions/setup-node',
      'npm ci --ignore-scripts',
      'npm run package -- --policy "$([ -f policy.json ] && echo policy.json || echo policy.sample.json)"',
      `echo "sha256=$(sha256sum out/app.zip | cut -d' ' -f1)" >>"$GITHUB_OUTPUT"`,
      'actions/upload-artifact',
    ]);
    expect(steps[4]?.id).toBe('hash');
    expect(steps.at(-1)?.with).toMatchObject({ name: 'app', path: 'out/app.zip' });
  });

  it('lints, checks types and templates, and tests what was built, on each Node version that an installation can have', () => {
    const test = job(ci, 'test');
    const { allowed } =
      /@allowed\(\[(?<allowed>.*)\]\)\nparam nodeVersion/.exec(read('infra/main.bicep'))?.groups ?? {};
    expect(test.strategy?.matrix.node.map((version) => `'${version}'`).join(', ')).toBe(allowed);
    expect(test.needs).toBe('build');
    expect(read(`${folder}ci.yml`)).not.toMatch(/continue-on-error|\|\| true/);
    // The templates' tests skip themselves where there is no compiler. Whatever builds would test something else.
    expect(runsOf(test)).toEqual([
      'npm ci',
      'npm run lint',
      'npm run types',
      'scripts/install-bicep.sh',
      'npm run infra:check',
      'unzip -q app.zip -d dist -x policy.json',
      'npx vitest run --mode fast',
      'npx vitest run',
    ]);
    expect(actionsOf(test).at(-1)).toBe('actions/download-artifact');
  });
});
