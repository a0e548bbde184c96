// A stand-in for hutong-agent in a page that Playwright drives, while working on pages that use tokens: it has no keys and judges nothing.
// Never part of a release, never used by the end-to-end tests.
const kPin = { most_tries: 10, tries_left: 10, factory_default: false };

function certificate(use, der, days) {
  const until = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19) + 'Z';
  return {
    token: 'software-token/1', application: 'HUTONG', container: 'supplier', use, certificate: der, version: 3, serial_number: '2f00a1',
    subject: 'CN=演示供应商有限公司,O=演示供应商有限公司,C=CN', issuer: 'CN=演示CA甲,C=CN', subject_fields: [{ type: 'CN', value: '演示供应商有限公司' }],
    issuer_fields: [{ type: 'CN', value: '演示CA甲' }], not_before: '2026-01-01T00:00:00Z', not_after: until, algorithm: '1.2.156.10197.1.501',
    public_key: '', key_usage: [], fingerprint_sm3: '00',
  };
}

function driver(name, vendorZh, vendor, state, change = {}) {
  return {
    driver: name, vendor, vendor_zh: vendorZh, product: 'K1', installed: state !== 'not_installed', library: `/opt/${name}/libskf.so`, devices: 0, state,
    reason: '', detail: '', restarts: 0, took_ms: 10, quirks: [], ...change,
  };
}

/** What tokens.list and certificates.list answer when all is well, and when it is not. `der`: of some certificate, base64. */
export function scenes(der) {
  const pair = { public_key: '04', certificate: der };
  const token = (pin, problem = null) => ({
    token: 'software-token/1', driver: 'software-token', name: 'Token 1', manufacturer: 'Hutong', label: '演示钥匙', serial_number: 'HT20260001', problem,
    applications: [{ application: 'HUTONG', logged_in: false, user_pin: pin, administrator_pin: kPin, problem: null,
      containers: [{ container: 'supplier', signature: pair, encryption: pair }] }],
  });
  const soft = driver('software-token', '互通', 'Hutong', 'ready', { product: '', devices: 1 });
  const absent = driver('other-key', '其他厂商', 'Another vendor', 'not_installed');
  return {
    well: {
      'tokens.list': { generation: 1, tokens: [token(kPin)], drivers: [soft, absent], smart_cards: { reason: '', detail: '', readers: [], cards: [] }, description_errors: [] },
      'certificates.list': { certificates: [certificate('signature', der, 300), certificate('encryption', der, 300)] },
    },
    ill: {
      'tokens.list': {
        generation: 1, tokens: [token({ ...kPin, tries_left: 2, factory_default: true })],
        drivers: [soft, driver('example-key', '示例厂商', 'Example', 'hung'), driver('clash-key', '冲突厂商', 'Clash', 'crashed'), absent], smart_cards: { reason: '', detail: '', readers: [], cards: [] }, description_errors: [],
      },
      'certificates.list': { certificates: [certificate('signature', der, 12), certificate('encryption', der, -3)] },
    },
  };
}

const kAnswers = {
  hello: { agent: 'hutong-agent', version: '0.1.0', protocol: 1, origin: 'https://demo.example', allowed: true },
  status: { tls: { expires: '2028-01-01T00:00:00Z', days_left: 700 }, memory_octets: 9_000_000, uptime_seconds: 60, connections: 1, refused: {},
    prompt: { program: 'pinentry', found: true } },
  login: { logged_in: true, tries_left: 10 },
  'sign.data': { signature: 'MEUC', certificate: null },
  'verify.data': { valid: true },
};

/** Answers the WebSockets of a page with a scene. */
export async function mockAgent(page, scene) {
  await page.routeWebSocket(/\/agent\/v1$/, (socket) => {
    let sealed = '';
    socket.onMessage((text) => {
      if (typeof text !== 'string') return;
      const { id, method, params } = JSON.parse(text);
      if (method === 'encrypt.envelope') sealed = params.data;
      const own = { 'encrypt.envelope': { message: 'MIIB' }, 'decrypt.envelope': { data: sealed } };
      const result = { ...kAnswers, ...own, ...scene }[method];
      socket.send(JSON.stringify(result ? { id, result } : { id, problem: { code: 'agent.method', title: 'no such method', status: 404 } }));
    });
  });
}
