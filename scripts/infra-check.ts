// Builds and lints everything in infra/, where a warning is a fault: `npm run infra:check`.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBicep, howToGetBicep, runBicep } from './find-bicep.ts';

const infra = fileURLToPath(new URL('../infra/', import.meta.url));
const bicep = findBicep();
if (bicep === undefined) {
  process.stderr.write(`${howToGetBicep}\n`);
  process.exit(1);
}

const files = readdirSync(infra).filter((file) => file.endsWith('.bicep'));
const texts = files.map((file) => readFileSync(`${infra}${file}`, 'utf8')).join('\n');
// A module is checked with the file that uses it.
const unused = files.filter((file) => file !== 'main.bicep' && !texts.includes(`'${file}' =`));
for (const file of unused) process.stderr.write(`${infra}${file} is used by no other file: delete it.\n`);

const run = (...args: string[]): boolean => {
  const { status, stderr } = runBicep(bicep, args);
  process.stderr.write(stderr);
  return status === 0 && stderr.trim() === '';
};
const good = [
  run('build', `${infra}main.bicep`, '--stdout'),
  run('build-params', `${infra}pipeline.bicepparam`, '--stdout'),
  unused.length === 0,
];
const ok = good.every(Boolean);
process.stdout.write(
  `infra/: ${files.length} Bicep files and the pipeline's parameters, ${ok ? 'no fault' : 'with faults'}\n`,
);
process.exitCode = ok ? 0 : 1;
