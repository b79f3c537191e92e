// Prints "passed failed" of vitest's JSON results: a file that failed without a failed test counts as one.
import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const broken = results.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
const failed = results.numFailedTests + broken.length;
// An error outside of every test, such as an unhandled rejection, fails the run alone.
console.log(results.numPassedTests, failed === 0 && !results.success ? 1 : failed);
