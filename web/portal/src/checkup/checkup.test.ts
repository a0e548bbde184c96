import { AgentProblem, type Driver, type Token, type TokenCertificate, type TokenList } from '@hutong/sdk';
import { describe, expect, it } from 'vitest';
import { hasMessage } from '@/i18n';
import { zh } from '@/i18n/zh';
import { makeReport as sampleReport } from '@/testing/report';
import { agentItems, browserItems, permissionItem, unreachableItem } from './agentItems';
import { driverItems } from './driverItems';
import { adviceOf, textOf, worst, type Item } from './items';
import { makeReport, newReference } from './report';
import { certificateItems, pinItems, tokenItems } from './tokenItems';
import { runTrial, trialsOf } from './trial';
import { trustItem } from './trust';

const now = Date.parse('2026-11-29T00:00:00Z');
const pin = { most_tries: 10, tries_left: 10, factory_default: false };
const soft: Driver = {
  driver: 'software-token', vendor: 'Hutong', vendor_zh: '互通', product: '软证书', installed: true, library: '/lib/libhutong-skf.so', devices: 1,
  state: 'ready', reason: '', detail: '', restarts: 0, took_ms: 3, quirks: [],
};
const noCards = { reason: 'pcsc.no_service', detail: '', readers: [], cards: [] };
const place = { token: 'software-token/1', application: 'HUTONG', container: 'supplier' };
const certificate = {
  ...place, use: 'signature', certificate: 'MIIC', version: 3, serial_number: '0a', subject: 'CN=甲', issuer: 'CN=CA', issuer_fields: [],
  subject_fields: [{ type: 'CN', value: '甲公司' }], not_before: '2026-01-01T00:00:00Z', not_after: '2027-06-01T00:00:00Z', algorithm: 'SM2',
  public_key: '', key_usage: [], fingerprint_sm3: '',
} as TokenCertificate;

function token(change: Partial<Token> = {}): Token {
  const pair = { public_key: '04', certificate: 'MIIC' };
  return {
    token: 'software-token/1', driver: 'software-token', name: 'Token 1', manufacturer: 'Hutong', label: '演示钥匙', serial_number: 'SN1', problem: null,
    applications: [{ application: 'HUTONG', logged_in: false, user_pin: pin, administrator_pin: pin, problem: null,
      containers: [{ container: 'supplier', signature: pair, encryption: pair }] }],
    ...change,
  };
}
function list(change: Partial<TokenList> = {}): TokenList {
  return { generation: 1, tokens: [token()], drivers: [soft], smart_cards: noCards, description_errors: [], ...change };
}
function withPin(user: Partial<typeof pin>, administrator: Partial<typeof pin> = {}): TokenList {
  const [application] = token().applications;
  return list({ tokens: [token({ applications: [{ ...application!, user_pin: { ...pin, ...user }, administrator_pin: { ...pin, ...administrator } }] })] });
}
const codes = (items: Item[]) => items.map(({ code }) => code);

describe('the agent', () => {
  const status = { tls: { expires: '', days_left: 300 }, memory_octets: 1, uptime_seconds: 1, connections: 1, refused: {}, prompt: { program: 'pinentry', found: true } };
  const hello = { agent: 'hutong-agent', version: '1.0', protocol: 1, origin: 'https://a', allowed: true };

  it('that does not answer is told from one that refuses', () => {
    expect(unreachableItem(new AgentProblem({ code: 'agent.not_installed' }), '').code).toBe('agent.not_installed');
    expect(unreachableItem(new AgentProblem({ code: 'agent.origin_refused' }), '').code).toBe('agent.origin_refused');
    const unknown = unreachableItem(new AgentProblem({ code: 'agent.rate', title: 'too fast', title_zh: '太快' }), '');
    expect([unknown.code, textOf('zh', unknown)]).toEqual(['agent.failed', '与证书助手通信失败：太快。']);
  });

  it('without a window for PINs, or with a certificate about to end, is reported', () => {
    expect(codes(agentItems(hello, status))).toEqual(['agent.good']);
    expect(codes(agentItems(hello, { ...status, prompt: { program: 'pinentry', found: false }, tls: { expires: '', days_left: 3 } }))).toEqual([
      'agent.good', 'agent.no_prompt', 'agent.tls_soon',
    ]);
    expect(permissionItem(null, 'https://a').state).toBe('good');
    expect(permissionItem(new AgentProblem({ code: 'agent.refused_by_user' }), 'https://a').state).toBe('bad');
  });

  it('needs a browser that may speak to it', () => {
    expect(codes([...browserItems(true, true, ''), ...browserItems(false, true, ''), ...browserItems(true, false, '')])).toEqual([
      'browser.good', 'browser.insecure', 'browser.old',
    ]);
  });
});

describe('drivers', () => {
  it('that fail are named, and the others are said to work', () => {
    const bad = { ...soft, driver: 'example-key', vendor: 'Example', vendor_zh: '示例', product: 'K1', state: 'crashed' as const, devices: 0 };
    const items = driverItems(list({ drivers: [soft, bad] }));
    expect(codes(items)).toEqual(['driver.ready', 'driver.crashed', 'driver.others_fine']);
    expect(textOf('zh', items[1]!)).toBe('示例 K1 驱动运行中崩溃。');
    expect(adviceOf('en', items[1]!)).toContain('Driver: example-key');
  });

  it('have a text for every state', () => {
    for (const state of ['crashed', 'hung', 'faulty', 'refused_digest', 'refused_library', 'refused_symbol', 'not_started'] as const) {
      const [found] = driverItems(list({ drivers: [{ ...soft, state }] }));
      expect([found!.state, found!.code]).toEqual(['bad', `driver.${state}`]);
    }
    expect(codes(driverItems(list({ drivers: [{ ...soft, restarts: 2 }] })))).toEqual(['driver.restarted']);
  });

  it('that are not installed are a note, unless there is none at all', () => {
    const absent = { ...soft, installed: false, state: 'not_installed' as const };
    expect(codes(driverItems(list({ drivers: [soft, absent] })))).toEqual(['driver.ready', 'driver.not_installed']);
    expect(codes(driverItems(list({ drivers: [absent] })))).toEqual(['driver.none', 'driver.not_installed']);
  });

  it('of cards in readers are named: there, not installed, not known, or a card that is mute', () => {
    const absent = { ...soft, driver: 'card-key', vendor: 'Card', vendor_zh: '卡厂商', product: '', installed: false, state: 'not_installed' as const };
    const card = { reader: 'Reader 1', atr: '3b00', driver: 'card-key', label: '', serial_number: '', problem: '' };
    const seen = (change: object) => driverItems(list({ drivers: [soft, absent], smart_cards: { ...noCards, reason: '', cards: [{ ...card, ...change }] } }))[1]!;
    expect([seen({}).state, seen({}).code]).toEqual(['bad', 'card.no_driver']);
    expect(textOf('zh', seen({}))).toBe('读卡器“Reader 1”里是卡厂商的卡，但其驱动没有安装。');
    expect(seen({ driver: 'software-token' }).code).toBe('card.good');
    expect(seen({ driver: null }).code).toBe('card.unknown');
    expect(adviceOf('en', seen({ driver: null }))).toContain('3b00');
    expect(seen({ driver: null, problem: 'pcsc.mute_card' }).code).toBe('card.mute');
  });

  it('that show the same token, and descriptions that cannot be read, are reported', () => {
    const twice = list({ tokens: [token(), token({ driver: 'other', token: 'other/1' })], description_errors: [{ code: 'x', detail: 'a.toml' }] });
    expect(codes(driverItems(twice))).toEqual(['driver.ready', 'driver.same_token', 'driver.description']);
  });
});

describe('tokens', () => {
  it('are there, or unreadable, or absent', () => {
    expect(codes(tokenItems(list()))).toEqual(['token.good']);
    expect(codes(tokenItems(list({ tokens: [token({ problem: { code: 'agent.token_slow', detail: '' } })] })))).toEqual(['token.problem']);
    expect(codes(tokenItems(list({ tokens: [] })))).toEqual(['token.none']);
  });

  it('with few tries, locked, hopeless or with the factory PIN say so', () => {
    expect(codes(pinItems(withPin({})))).toEqual(['pin.good']);
    expect(codes(pinItems(withPin({ tries_left: 2 })))).toEqual(['pin.few']);
    expect(codes(pinItems(withPin({ tries_left: 0 })))).toEqual(['pin.locked']);
    expect(codes(pinItems(withPin({ tries_left: 0 }, { tries_left: 0 })))).toEqual(['pin.locked_for_good']);
    expect(codes(pinItems(withPin({ factory_default: true })))).toEqual(['pin.factory']);
    expect(codes(pinItems(withPin({ most_tries: 3, tries_left: 3 })))).toEqual(['pin.good']);
  });
});

describe('certificates', () => {
  const at = (change: Partial<TokenCertificate>) => codes(certificateItems(list(), [{ ...certificate, ...change }], now));

  it('are good, about to end, over, or not yet begun', () => {
    expect(at({})).toEqual(['certificate.good']);
    expect(at({ not_after: '2026-12-10T00:00:00Z' })).toEqual(['certificate.soon']);
    expect(at({ not_after: '2026-11-28T00:00:00Z' })).toEqual(['certificate.expired']);
    expect(at({ not_before: '2026-12-01T00:00:00Z' })).toEqual(['certificate.not_yet']);
    expect(codes(certificateItems(list(), [], now))).toEqual(['certificate.none']);
  });

  it('that are missing beside a key are reported with their container', () => {
    const [application] = token().applications;
    const containers = [
      { container: 'a', signature: null, encryption: null },
      { container: 'b', signature: { public_key: '04', certificate: null }, encryption: null },
      { container: 'c', signature: { public_key: '04', certificate: 'MIIC' }, encryption: null },
    ];
    const tokens = [token({ applications: [{ ...application!, containers }] })];
    expect(codes(certificateItems(list({ tokens }), [certificate], now))).toEqual([
      'certificate.good', 'container.empty', 'container.no_certificate', 'container.no_encryption',
    ]);
  });

  it('are what the platform says', () => {
    const report = { ...sampleReport(), indication: 'invalid' as const, findings: [
      { code: 'revocation.revoked', severity: 'error' as const, where: '', clause: '', message_zh: '证书已被吊销', message_en: 'the certificate was revoked' },
    ] };
    const found = trustItem(certificate, report);
    expect([found.state, textOf('zh', found), found.link]).toEqual(['bad', '平台不认可 甲公司 的签名证书：证书已被吊销。', `/verify/${report.id}`]);
    expect(trustItem(certificate, { ...report, indication: 'valid' }).state).toBe('good');
  });
});

describe('the trial', () => {
  const encryption = { ...certificate, use: 'encryption' as const };
  const agentWith = (change: object) => ({
    login: async () => ({ logged_in: true, tries_left: 10 }),
    signData: async () => ({ signature: 'MEUC', certificate: null }),
    verifyData: async () => true,
    encrypt: async (_certificates: string[], data: Uint8Array) => { sealed = data; return 'MIIB'; },
    decrypt: async () => sealed,
    ...change,
  }) as never;
  let sealed: Uint8Array = new Uint8Array();

  it('pairs the certificates of a container', () => {
    const [trial, ...more] = trialsOf([certificate, encryption, { ...encryption, container: 'other' }]);
    expect(more).toEqual([]);
    expect([trial!.place, trial!.encryption]).toEqual([place, encryption]);
  });

  it('signs and opens, or says what failed', async () => {
    const [trial] = trialsOf([certificate, encryption]);
    expect(codes(await runTrial(agentWith({}), trial!, 'x'))).toEqual(['trial.signed', 'trial.opened']);
    expect(codes(await runTrial(agentWith({ verifyData: async () => false }), trial!, 'x'))).toEqual(['trial.sign_failed', 'trial.opened']);
    expect(codes(await runTrial(agentWith({ decrypt: async () => new Uint8Array(3) }), trial!, 'x'))).toEqual(['trial.signed', 'trial.open_failed']);
    const wrong = new AgentProblem({ code: 'token.pin_incorrect', title: 'Wrong PIN', title_zh: 'PIN 码错误', tries_left: 7 });
    const items = await runTrial(agentWith({ login: () => Promise.reject(wrong) }), trial!, 'x');
    expect(textOf('zh', items[0]!)).toBe('未能登录介质：PIN 码错误 (7)。');
    expect(codes(await runTrial(agentWith({}), trialsOf([certificate])[0]!, 'x'))).toEqual(['trial.signed', 'trial.no_encryption']);
  });
});

describe('the report', () => {
  it('has a number, the result and both languages of every line', () => {
    const at = new Date(now);
    const reference = newReference(at, Uint8Array.of(0x7f, 0x3a));
    expect(reference).toBe('C-20261129-000000-7F3A');
    const report = makeReport(reference, at, [{ id: 'tokens', items: tokenItems(list({ tokens: [] })) }, { id: 'pins', items: pinItems(withPin({})) }]);
    expect(report).toMatchObject({ result: 'bad', groups: [{ id: 'tokens', result: 'bad', items: [{ code: 'token.none', text_zh: '没有识别到介质。' }] }, { result: 'good' }] });
    expect(JSON.stringify(report)).toContain('No token was found.');
  });

  it('is as bad as the worst thing found; a note does not count', () => {
    const items = [...driverItems(list({ drivers: [soft, { ...soft, installed: false, state: 'not_installed' }] })), ...tokenItems(list())];
    expect(worst(items)!.state).toBe('good');
  });
});

describe('texts', () => {
  it('say what to do about everything that is bad or wants attention', () => {
    const silent = /\.(good|granted|ready|valid|others_fine|not_installed|signed|opened|no_encryption)$/;
    const without = Object.keys(zh).filter((key) => /^item\./.test(key) && !key.endsWith('.do') && !hasMessage(`${key}.do`));
    expect(without.filter((key) => !silent.test(key))).toEqual([]);
  });
});
