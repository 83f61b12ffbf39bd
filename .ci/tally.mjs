// Reads vitest's JSON report and prints one line for people and machines; exits 1 unless everything passed.
import { readFileSync } from 'node:fs';

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, success: false }; // it died before it could report
  }
}

const { numPassedTests: passed, numFailedTests, numFailedTestSuites = 0, success } = read(process.argv[2]);
const failed = success ? numFailedTests : Math.max(numFailedTests, numFailedTestSuites, 1);
process.stdout.write(`tests: ${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
