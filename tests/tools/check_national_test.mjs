// Holds docs/national-test.md against what ran: every item of kind Soft of GM/T 0037 and 0038 has a row, and every test a row names passed in
// this run (GTest) or exists (browser and scenario).
//   node check_national_test.mjs docs/national-test.md TEST-RESULTS-FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [document, results] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const range = (letter, first, last) => Array.from({ length: last - first + 1 }, (_, i) => `${letter}${first + i}`);
const softItems = [...range('C', 13, 15), ...range('C', 30, 38), ...range('C', 41, 73), ...range('C', 75, 86), 'K7', ...range('K', 11, 17), ...range('K', 19, 38)];

/** "Instantiation/Suite" and "Suite/0" are Suite. */
const plainSuite = (name) => name.replace(/\/\d+$/, '').replace(/^.*\//, '');

/** "Suite.Test" of every GTest that passed, without the names of instantiations and parameters. */
function passedTests(folder) {
  const passed = new Set();
  const failed = new Set();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const suites = JSON.parse(readFileSync(join(folder, file), 'utf8')).testsuites;
    for (const test of suites.flatMap((suite) => suite.testsuite.map((one) => ({ ...one, suite: suite.name })))) {
      const name = `${plainSuite(test.suite)}.${test.name.split('/')[0]}`;
      if (test.failures?.length) failed.add(name);
      else if (test.result === 'COMPLETED') passed.add(name);
    }
  }
  return new Set([...passed].filter((name) => !failed.has(name)));
}

const sourcesBelow = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.mjs')).map((name) => readFileSync(join(root, folder, name), 'utf8')).join('\n');
const sources = { browser: sourcesBelow('web/portal/e2e'), scenario: sourcesBelow('tests/scenario') };
const gtests = passedTests(results);

/** What is wrong with a name in the table; nothing when it is right. */
function fault(name) {
  const [, kind, title] = /^(browser|scenario): (.+)$/.exec(name) ?? [];
  if (kind) return sources[kind].includes(`'${title}'`) ? undefined : `no ${kind} test '${title}'`;
  return gtests.has(name) ? undefined : `no test ${name} passed in this run`;
}

const rows = readFileSync(document, 'utf8').split('\n').map((line) => /^\| ([CK]\d+) \|(.+)\|\s*$/.exec(line)).filter(Boolean)
  .map(([, item, rest]) => ({ item, cells: rest.split('|').map((cell) => cell.trim()) }));
const faults = [];
const counts = { shown: 0, open: 0 };
for (const item of softItems) {
  const found = rows.filter((row) => row.item === item);
  if (found.length !== 1) {
    faults.push(`${item}: ${found.length} rows`);
    continue;
  }
  const shown = found[0].cells.at(-1);
  if (/^not yet: \S.{15,}/.test(shown)) {
    counts.open += 1;
    continue;
  }
  const names = [...shown.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
  if (names.length === 0) faults.push(`${item}: neither a test nor "not yet: reason"`);
  faults.push(...names.map(fault).filter(Boolean).map((text) => `${item}: ${text}`));
  counts.shown += 1;
}
console.log(`${softItems.length} items: ${counts.shown} shown by tests, ${counts.open} not yet`);
faults.forEach((text) => console.error(`  ${text}`));
process.exit(faults.length === 0 ? 0 : 1);
