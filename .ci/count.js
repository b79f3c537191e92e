// Prints "passed failed" of vitest's JSON results, added up: a file that failed without a failed test counts as one.
import { readFileSync } from 'node:fs';

function count(path) {
  const results = JSON.parse(readFileSync(path, 'utf8'));
  const broken = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = results.numFailedTests + broken.length;
  // An error outside of every test, such as an unhandled rejection, fails the run alone.
  return { passed: results.numPassedTests, failed: failed === 0 && !results.success ? 1 : failed };
}

const runs = process.argv.slice(2).map(count);
const sum = (name) => runs.reduce((all, run) => all + run[name], 0);
console.log(sum('passed'), sum('failed'));
