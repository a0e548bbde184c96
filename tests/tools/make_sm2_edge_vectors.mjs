// Makes tests/data/crypto/sm2_arithmetic_edges.json: arithmetic of sm2p256v1 where carries, borrows and the last
// subtraction of a reduction change, computed with BigInt alone. `node tests/tools/make_sm2_edge_vectors.mjs FILE`
import {writeFileSync} from 'node:fs';

const p = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFFn;
const n = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123n;
const b = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93n;
const generator = {
  x: 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7n,
  y: 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0n
};
const full = 1n << 256n;
const ones = (bits) => (1n << BigInt(bits)) - 1n;

// --- numbers ---

const modulo = (a, m) => ((a % m) + m) % m;
function power(base, exponent, m) {
  let result = 1n;
  for (let square = modulo(base, m); exponent > 0n; exponent >>= 1n, square = square * square % m) {
    if (exponent & 1n)
      result = result * square % m;
  }
  return result;
}
const invert = (a, m) => power(a, m - 2n, m);
const hex = (a) => a.toString(16).padStart(64, '0');

/** The same in every run. */
let state = 20260131n;
function randomWord() {
  state = (state + 0x9E3779B97F4A7C15n) & ones(64);
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xBF58476D1CE4E5B9n) & ones(64);
  z = ((z ^ (z >> 27n)) * 0x94D049BB133111EBn) & ones(64);
  return z ^ (z >> 31n);
}
const random = () => [0, 1, 2, 3].reduce((sum) => (sum << 64n) | randomWord(), 0n);

/** Values below m around which something changes, with the reason. */
function edges(m) {
  const found = new Map();
  const add = (comment, value) => {
    if (value >= 0n && value < m && !found.has(value))
      found.set(value, comment);
  };
  for (const i of [0n, 1n, 2n])
    add(`${i}`, i);
  for (const i of [1n, 2n])
    add(`modulus - ${i}`, m - i);
  add('(modulus - 1) / 2', (m - 1n) / 2n);
  add('(modulus + 1) / 2', (m + 1n) / 2n);
  add('2^256 - modulus', full - m);
  add('2^256 - modulus - 1', full - m - 1n);
  add('2^512 modulo the modulus', full * full % m);
  for (const bit of [32n, 64n, 96n, 128n, 192n, 224n, 255n]) {
    add(`2^${bit}`, 1n << bit);
    add(`2^${bit} - 1`, (1n << bit) - 1n);
  }
  add('words of all ones and zeros, alternating', ones(64) << 128n | ones(64));
  add('words of zeros and all ones, alternating', ones(64) << 64n);
  add('32-bit words of all ones and zeros, alternating', 0x00000000FFFFFFFF00000000FFFFFFFF00000000FFFFFFFF00000000FFFFFFFFn);
  add('32-bit words of zeros and all ones, alternating', 0xFFFFFFFE00000000FFFFFFFF00000000FFFFFFFF00000000FFFFFFFF00000000n);
  add('bits 10, alternating', BigInt('0x' + 'AA'.repeat(32)));
  add('bits 01, alternating', BigInt('0x' + '55'.repeat(32)));
  add('highest word like that of the modulus, the rest all ones', (m >> 192n << 192n) - 1n);
  add('all ones below the highest 32 bits', ones(224));
  return [...found].map(([value, comment]) => ({value, comment}));
}

// --- carries: schoolbook product and Montgomery's reduction, word by word ---

/** The places where a * b / 2^256 modulo m carries, for words of `bits` bits. */
function carries(a, b, m, bits) {
  const size = 256 / bits;
  const mask = ones(bits);
  const shift = BigInt(bits);
  const word = (value, i) => (value >> (shift * BigInt(i))) & mask;
  const seen = new Set();
  const t = new Array(2 * size + 1).fill(0n);
  const row = (name, factor, value, at) => {
    let high = 0n;
    for (let j = 0; j < size; ++j) {
      const product = word(value, j) * factor;
      const first = (product & mask) + t[at + j];
      const second = (first & mask) + high;
      if (first >> shift)
        seen.add(`${name} ${at}.${j}`);
      if (second >> shift)
        seen.add(`${name} ${at}.${j} again`);
      t[at + j] = second & mask;
      high = (product >> shift) + (first >> shift) + (second >> shift);
    }
    for (let j = at + size; high !== 0n; ++j) {
      const sum = t[j] + high;
      t[j] = sum & mask;
      high = sum >> shift;
      if (high !== 0n)
        seen.add(`${name} ${at} beyond word ${j}`);
    }
  };
  for (let i = 0; i < size; ++i)
    row('product', word(b, i), a, i);
  const factor = modulo(-invertWord(m & mask, bits), 1n << shift);
  for (let i = 0; i < size; ++i)
    row('reduction', (t[i] * factor) & mask, m, i);
  const sum = t.slice(size).reduceRight((value, digit) => value << shift | digit, 0n);
  seen.add(sum >= full ? 'above 2^256' : sum >= m ? 'from the modulus to 2^256' : 'below the modulus');
  return seen;
}
function invertWord(a, bits) {
  let inverse = 1n;
  for (let i = 0; i < 7; ++i)
    inverse = (inverse * (2n - a * inverse)) & ones(bits);
  return inverse & ones(bits);
}

/** Numbers with long runs of ones and zeros, where carries travel. */
function rugged(m) {
  const pieces = [0n, 1n, ones(32), 1n << 32n, ones(64), ones(64) - 1n, ones(64) ^ ones(32), 1n << 63n];
  let value = 0n;
  for (let i = 0; i < 4; ++i) {
    const choice = randomWord();
    value = value << 64n | (choice & 8n ? pieces[Number(choice & 7n)] : randomWord());
  }
  return value % m;
}

/** Pairs of operands in Montgomery form that together show every carry that shows up in many tries. */
function carryPairs(m) {
  const seen = new Set();
  const pairs = [];
  const consider = (a, b) => {
    const fresh = [64, 32].flatMap((bits) => [...carries(a, b, m, bits)].map((place) => `${bits} bits: ${place}`))
        .filter((place) => !seen.has(place));
    if (fresh.length === 0)
      return;
    fresh.forEach((place) => seen.add(place));
    pairs.push({a, b, comment: `${fresh.length} carries not met before, such as at ${fresh.at(-1)}`});
  };
  for (let i = 0n; i < 6n; ++i) {  // small results, and those just below the modulus
    const a = random() % m;
    consider(a, i * full * invert(a, m) % m);
    consider(a, modulo(-i * full * invert(a, m), m));
  }
  for (let i = 0; i < 6000; ++i)
    consider(rugged(m), rugged(m));
  return pairs;
}

// --- the group ---

const isOnCurve = ({x, y}) => (y * y - (x * x * x - 3n * x + b)) % p === 0n;
function add(P, Q) {
  if (!P || !Q)
    return P ?? Q;
  if (P.x === Q.x && (P.y + Q.y) % p === 0n)
    return null;
  const slope = P.x === Q.x ? (3n * P.x * P.x - 3n) * invert(2n * P.y, p) : (Q.y - P.y) * invert(Q.x - P.x, p);
  const x = modulo(slope * slope - P.x - Q.x, p);
  return {x, y: modulo(slope * (P.x - x) - P.y, p)};
}
function multiply(k, P) {
  let sum = null;
  for (const bit of k.toString(2))
    sum = bit === '1' ? add(add(sum, sum), P) : add(sum, sum);
  return sum;
}
/** The point with this x, or the next x that has one, upwards or downwards; y even. */
function lift(x, step) {
  for (;; x += step) {
    const square = modulo(x * x * x - 3n * x + b, p);
    const y = power(square, (p + 1n) / 4n, p);
    if (y * y % p === square)
      return {x, y: y & 1n ? p - y : y};
  }
}

const points = [
  {comment: 'the generator', point: generator},
  {comment: 'the least x', point: lift(0n, 1n)},
  {comment: 'the largest x', point: lift(p - 1n, -1n)},
  {comment: 'the least x from the order on', point: lift(n, 1n)},
  {comment: 'the largest x below the order', point: lift(n - 1n, -1n)},
  {comment: 'x next to 2^64', point: lift(1n << 64n, 1n)},
  {comment: 'x next to 2^255', point: lift(1n << 255n, 1n)},
  {comment: 'x whose Montgomery form is small', point: lift(invert(full, p), 1n)},
  {comment: 'x of all ones below the highest 32 bits', point: lift(ones(224), -1n)},
];
const scalars = [
  ...[0n, 1n, 2n, 3n, 15n, 16n, 17n, 31n, 32n, 33n, 63n, 64n, 65n].map((k) => ({comment: `${k}`, k})),
  ...[1n, 2n, 3n, 6n, 16n, 32n, 64n].map((k) => ({comment: `n - ${k}`, k: n - k})),
  {comment: '(n - 1) / 2', k: (n - 1n) / 2n},
  {comment: '(n + 1) / 2', k: (n + 1n) / 2n},
  {comment: '2^256 - n', k: full - n},
  {comment: '2^255', k: 1n << 255n},
  {comment: '2^255 - 1', k: ones(255)},
  {comment: '2^128 - 1', k: ones(128)},
  {comment: 'bits 10, alternating', k: BigInt('0x' + 'AA'.repeat(32))},
  {comment: 'bits 01, alternating', k: BigInt('0x' + '55'.repeat(32))},
  {comment: 'windows of 5 bits at their turning point', k: BigInt('0x' + '84210842108421084210'.repeat(4).slice(0, 64))},
  {comment: 'windows of 6 bits at their turning point', k: BigInt('0x' + '820820'.repeat(11).slice(0, 64))},
  {comment: 'windows of 7 bits at their turning point', k: BigInt('0x' + '8102040810204081'.repeat(4))},
];

// --- the file ---

const groups = [];
let number = 0;
function group(operation, modulus, description, tests) {
  groups.push({operation, ...(modulus ? {modulus} : {}), description, tests: tests.map((test) => ({tcId: ++number, ...test}))});
}

function arithmeticGroups(name, m) {
  const values = edges(m);
  const inverseOfR = invert(full, m);
  const inPlainForm = (value) => value * inverseOfR % m;
  const pairs = values.flatMap((a, i) => values.slice(i).filter((_, j) => (i + j) % 3 === 0).map((c) => [a, c]));
  const test = (a, c, result, comment) => ({a: hex(a), b: hex(c), result: hex(result), comment});
  group('multiply', name, 'edge values', pairs.map(([a, c]) =>
      test(a.value, c.value, a.value * c.value % m, `${a.comment}; ${c.comment}`)));
  group('multiply', name, 'edge values as Montgomery forms (times 2^256)', pairs.map(([a, c]) => {
    const [x, y] = [inPlainForm(a.value), inPlainForm(c.value)];
    return test(x, y, x * y % m, `${a.comment}; ${c.comment}`);
  }));
  group('multiply', name, 'Montgomery forms (times 2^256) chosen so that each carry of a product of words and of ' +
      'its reduction happens', carryPairs(m).map(({a, b: c, comment}) => {
    const [x, y] = [inPlainForm(a), inPlainForm(c)];
    return test(x, y, x * y % m, comment);
  }));
  group('add', name, 'edge values and what brings their sum to the modulus', values.flatMap(({value, comment}) =>
      [modulo(-value, m), modulo(1n - value, m), modulo(-1n - value, m), modulo(full - value, m)].map((other) =>
          test(value, other, (value + other) % m, comment))));
  group('subtract', name, 'edge values and their neighbours', values.flatMap(({value, comment}) =>
      [value, modulo(value + 1n, m), modulo(value - 1n, m), modulo(-value, m)].map((other) =>
          test(value, other, modulo(value - other, m), comment))));
  group('invert', name, 'edge values, plain and as Montgomery forms; the inverse of 0 is 0', values.flatMap(({value, comment}) =>
      [value, inPlainForm(value)].map((a) => ({a: hex(a), result: hex(invert(a, m)), comment}))));
}

const coordinates = (P) => (P ? {x: hex(P.x), y: hex(P.y)} : 'infinity');

arithmeticGroups('p', p);
arithmeticGroups('n', n);
group('multiply point', '', 'k times a point of the curve', points.flatMap(({comment, point}) =>
    scalars.map((scalar) => ({k: hex(scalar.k), point: coordinates(point), result: coordinates(multiply(scalar.k, point)),
      comment: `${scalar.comment}; ${comment}`}))));

for (const {point} of points) {
  if (!isOnCurve(point))
    throw new Error('a point is not on the curve');
}
const head = {
  curve: 'sm2p256v1',
  generator: 'tests/tools/make_sm2_edge_vectors.mjs',
  notes: 'Numbers are hexadecimal, 64 digits, reduced. p is the prime of the field, n the order of the group ' +
      '(GB/T 32918.5). Those "as Montgomery forms" are edge values inside an implementation that keeps a as a * 2^256.',
  numberOfTests: number
};
const line = (test) => JSON.stringify(test);
const text = groups.map(({tests, ...about}) =>
    `{${line(about).slice(1, -1)},"tests":[\n${tests.map(line).join(',\n')}\n]}`).join(',\n');
writeFileSync(process.argv[2], `{${line(head).slice(1, -1)},\n"groups":[\n${text}\n]}\n`);
console.log(`${number} tests`);
