// Tools for whoever writes a policy: is it one, does it do what is expected of it, whom would a change of it cut off?
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { diffPolicies } from './policy/diff-policies.ts';
import { diffText } from './policy/diff-text.ts';
import { parseExpectations } from './policy/expectations.ts';
import { readPolicyFile } from './policy/read-policy-file.ts';
import { summaryText } from './policy/summary-text.ts';
import { tallyAudit } from './policy/tally-audit.ts';
import { testPolicy } from './policy/test-policy.ts';

const usage = `npm run policy -- check [FILE]                     is it a policy, and what in it matches nobody?
npm run policy -- test [FILE] [--tests TESTS]       does it do what TESTS (policy.tests.json) expects of it?
npm run policy -- diff OLD NEW --audit EXPORT.ndjson [--days 30]
                                                    whom would NEW cut off, by what was asked for lately?
FILE is policy.json where it is left out. Exit code: 0 all is well, 1 it is not, 2 a file is missing or wrong.
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function check(file = 'policy.json'): Promise<boolean> {
  print(summaryText(file, await readPolicyFile(file)));
  return true;
}

async function test(file = 'policy.json', tests = file.replace(/(?:\.json)?$/, '.tests.json')): Promise<boolean> {
  const { policy } = await readPolicyFile(file);
  const text = await readFile(tests, 'utf8').catch((error: unknown) => {
    throw new Error(`${tests} cannot be read: write what you expect of the policy there, as docs/policy.md shows.`, {
      cause: error,
    });
  });
  const results = testPolicy(policy, parseExpectations(text, policy));
  for (const { name, why } of results) print(why === undefined ? `ok      ${name}` : `not ok  ${name}: ${why}`);
  const failed = results.filter(({ why }) => why !== undefined).length;
  print(`${results.length - failed} of ${results.length} expectations hold.`);
  return failed === 0;
}

async function diff(before = '', after = '', audit = '', days = 30): Promise<boolean> {
  if (before === '' || after === '' || audit === '' || !(days > 0)) throw new Error(usage);
  const [old, now] = [await readPolicyFile(before), await readPolicyFile(after)];
  const tally = await tallyAudit(() => createInterface({ input: createReadStream(audit) }), days);
  const found = diffPolicies(old.policy, now.policy, tally.asked);
  print(diffText(tally, found));
  return found.cutOff.length === 0;
}

async function run(): Promise<boolean> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      tests: { type: 'string' },
      audit: { type: 'string' },
      days: { type: 'string', default: '30' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [command, first, second] = positionals;
  if (values.help) print(usage);
  else if (command === 'check') return check(first);
  else if (command === 'test') return test(first, values.tests);
  else if (command === 'diff') return diff(first, second, values.audit, Number(values.days));
  else throw new Error(usage);
  return true;
}

try {
  if (!(await run())) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
