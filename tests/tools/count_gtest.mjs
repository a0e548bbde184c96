// Prints "passed failed skipped" over all GTest result files (--gtest_output=json) in a folder.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const folder = process.argv[2];
const counts = {
  passed: 0,
  failed: 0,
  skipped: 0
};
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const result = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  for (const test of result.testsuites.flatMap((suite) => suite.testsuite)) {
    if (test.failures?.length)
      counts.failed += 1;
    else if (test.result === 'COMPLETED')
      counts.passed += 1;
    else
      counts.skipped += 1;
  }
}
console.log(`${counts.passed} ${counts.failed} ${counts.skipped}`);
