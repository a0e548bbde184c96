// Prepared answers for the consoles while working on their pages; see mock-console.mjs.
const hours = (n) => new Date(Date.UTC(2026, 10, 28, 8) + n * 3_600_000).toISOString().slice(0, 19) + 'Z';
const id = (n) => `01KB4X9Q2M7N5R8T1XZABC${String(n).padStart(4, '0')}`;
export const certificate = 'CERTIFICATE';
const person = (name) => `CN=${name},OU=操作员,O=演示CA甲有限公司,C=CN`;

const page = (items) => ({ items });
const rights = {
  super: ['operator.read', 'operator.govern', 'client.manage', 'template.manage', 'policy.set', 'policy.read', 'key.read', 'recovery.read', 'authority.read'],
  all: [
    'order.enter', 'order.review', 'order.query', 'order.deliver', 'order.personal', 'certificate.make', 'certificate.query', 'template.manage',
    'template.synchronise', 'operator.read', 'operator.govern', 'client.manage', 'audit.read', 'audit.verify', 'audit.mark', 'audit.archive', 'policy.read',
    'policy.set', 'key.read', 'key.make', 'authority.read', 'authority.manage', 'recovery.read', 'key.recover', 'key.custody', 'judicial.manage',
  ],
};

export function operator(n, name, role, granted = []) {
  return {
    id: id(n), display_name: name, role, rights: granted, effective_rights: granted, state: 'active', subject: person(name), serial: `4f3a9c${n}d2e8b1`,
    not_after: '2029-11-27T08:00:00Z', fingerprint: 'a3f1'.repeat(16), created_by: '', created_at: hours(-200), changed_at: hours(-20), version: 1,
  };
}

export const me = { ...operator(1, '录入员', 'business_administrator', []), effective_rights: rights.all };
const operators = [
  operator(2, '超级管理员', 'super_administrator'), operator(3, '审计管理员', 'audit_administrator'), operator(4, '业务管理员', 'business_administrator', ['template.manage']),
  operator(5, '录入员', 'business_operator', ['order.enter', 'order.query']), operator(6, '审核员', 'business_operator', ['order.review', 'order.query', 'order.personal']),
  operator(7, '制证员', 'business_operator', ['certificate.make', 'order.deliver', 'order.query']),
];

const applicants = [
  ['内蒙古阳光建设工程有限公司', '91350100M000100Y43', 'supplier'], ['包头市政府采购中心', '91150200MA0N1K2C3D', 'purchaser'],
  ['王小明', '110***********02X', 'expert'], ['呼和浩特市诚信招标代理有限责任公司', '91150100MA0PX7T9XB', 'agency'],
];
const states = ['submitted', 'approved', 'issued', 'delivered', 'refused', 'entered', 'done', 'cancelled'];
const kinds = ['application', 'application', 'renewal', 'application', 'application', 'change', 'revocation', 'recovery'];

function order(n) {
  const [name, number, role] = applicants[n % applicants.length];
  return {
    id: id(100 + n), kind: kinds[n], state: states[n], version: 3, template: n === 2 ? 'person-signing' : 'organization-signing',
    applicant: { name, number, role, region: '150100', contact: '张经理', phone: '138****8000', email: 'office@example.cn' }, entered_at: hours(-n * 3 - 2),
    entered_by: n === 3 ? '' : person('录入员'), changed_at: hours(-n * 3), has_request: true, certificate: n === 6 ? '4c0a77d29be1f00d' : undefined,
    problem: n === 1 ? { code: 'key_centre.away', detail: 'connection refused', at: hours(-1) } : undefined,
  };
}
const orders = states.map((_, n) => order(n));
const pair = [
  { serial: '5d21f09ab37c48e1', state: 'valid', use: 'signing', pair: '6e32f0aab47d59f2' }, { serial: '6e32f0aab47d59f2', state: 'valid', use: 'encryption', pair: '5d21f09ab37c48e1' },
  { serial: '4c0a77d29be1f00d', state: 'revoked', use: 'signing', reason: 'key_compromise' }, { serial: '3b19e8c1a05d7e66', state: 'suspended', use: 'signing' },
].map((one) => ({
  ...one, subject: 'CN=内蒙古阳光建设工程有限公司,O=内蒙古阳光建设工程有限公司,C=CN', template: 'organization-signing', template_version: 1, not_before: hours(-30),
  not_after: '2028-11-27T08:00:00Z', order: id(102), changed_at: hours(-3), certificate,
}));

const kNext = {
  entered: ['change', 'submit', 'cancel', 'material', 'fee'], submitted: ['approve', 'refuse', 'cancel', 'new_secret', 'material', 'fee'], approved: ['cancel', 'attach_request', 'make', 'new_secret', 'fee'],
  issued: ['deliver', 'new_secret', 'fee'], delivered: ['fee'], done: ['fee'], refused: ['change', 'submit', 'cancel', 'material', 'fee'], cancelled: [],
};
const step = (number, name, state, who, note, signed = true) => ({ number, step: name, state, at: hours(-8 + number), actor: who ? person(who) : '', fingerprint: 'a3f1'.repeat(16), signed, note });
const fullOrder = (one) => ({
  ...one, subject: { attributes: { CN: one.applicant.name, O: one.applicant.name }, identities: { credit_code: one.applicant.number } }, days: 730, key: { algorithm: 'SM2', bits: 256 },
  steps: [step(1, 'enter', 'entered', '录入员'), step(2, 'submit', 'submitted', '录入员'), step(3, 'approve', 'approved', '审核员', '材料齐全，身份已核对'), step(4, 'make', 'issued', '制证员')],
  materials: [{ sm3: 'ab'.repeat(32), kind: 'licence', file_name: '营业执照.pdf', media_type: 'application/pdf', size: 482_133, at: hours(-5) }],
  fees: [{ item: 'USBKey 介质', cents: 8000, receipt: '0123456789', at: hours(-5) }, { item: '证书服务费（两年）', cents: 20_000, at: hours(-5) }],
  certificates: ['issued', 'delivered'].includes(one.state) ? pair.slice(0, 2) : [], next_steps: kNext[one.state],
});

const audit = ['session.opened', 'order.entered', 'order.submitted', 'order.approved', 'order.issued', 'order.delivered', 'audit.marked', 'session.refused'].map((action, n) => ({
  sequence: 1208 - n, time: hours(-n), actor: { subject: person(['审计管理员', '录入员', '录入员', '审核员', '制证员', '制证员', '审计管理员', '陌生人'][n]), fingerprint: 'a3f1'.repeat(16) },
  action, object: { kind: action.split('.')[0], id: id(100 + n) }, outcome: n === 7 ? 'refused' : 'done', detail: { note: '' }, signature: action.startsWith('order') ? 'valid' : 'none',
  audited_at: n > 5 ? hours(0) : undefined,
}));

const subject = [{ attribute: 'C', required: true, fixed: 'CN' }, { attribute: 'ST', required: false }, { attribute: 'L', required: false }, { attribute: 'O', required: true }, { attribute: 'OU', required: false }, { attribute: 'CN', required: true }];
const template = (name, zh, en, identity, more = {}) => ({
  id: name, version: 1, name_zh: zh, name_en: en, key: 'request', days: 730, most_days: 1826, subject, identity: identity ? [identity] : undefined, key_usage: ['digitalSignature', 'nonRepudiation'], extended_key_usage: ['1.3.6.1.5.5.7.3.2'], granted: true, ...more,
});
const credit = { field: 'credit_code', oid: '1.2.156.10260.4.1.4', required: true, check: 'unified_social_credit_code' };
const citizen = { field: 'citizen_number', oid: '1.2.156.10260.4.1.1', required: true, check: 'resident_identity_card' };
const templates = [
  template('organization-signing', '机构签名证书', 'Organisation, signing', credit, { encryption_template: 'organization-encryption' }),
  template('person-signing', '个人签名证书', 'Person, signing', citizen, { encryption_template: 'person-encryption' }),
  template('organization-encryption', '机构加密证书', 'Organisation, encryption', credit, { key: 'key_centre', key_usage: ['keyEncipherment', 'dataEncipherment', 'keyAgreement'] }),
  template('device', '设备证书', 'Device', undefined, { granted: false }),
];
const right = (code, zh, en) => ({ code, zh, en, inherent: [], grantable: ['business_operator'], machines: true });
const catalogue = [
  right('order.enter', '录入与修改业务单', 'enter and change orders'), right('order.review', '审核业务单', 'review orders'), right('order.query', '查询业务单', 'look up orders'),
  right('certificate.make', '制证', 'make certificates'), right('order.deliver', '发放证书', 'deliver certificates'), right('certificate.query', '查询证书', 'look up certificates'), right('order.personal', '查看个人信息全文', 'see personal data in full'),
];

const recoveries = ['open', 'released', 'refused'].map((state, n) => ({
  id: id(300 + n), kind: ['local', 'judicial', 'user'][n], state, key_id: id(400 + n), authority: id(501), certificate: '6e32f0aab47d59f2', case_key: '', requested_by: 'a3f1'.repeat(16), grounds: '介质遗失，申请恢复加密密钥以打开历史投标文件。',
  document_number: `内密恢〔2026〕${n + 12}号`, document_name: '申请书.pdf', has_document: true, threshold: 2, approvals: [{ number: 1, custodian: person('保管员甲'), given_at: hours(-2) }, { number: 3, custodian: person('保管员丙'), given_at: hours(-1) }].slice(0, n === 0 ? 1 : 2),
  created_at: hours(-6), expires_at: hours(40), target: n === 0 ? 'CN=内蒙古阳光建设工程有限公司' : undefined,
}));
const authorities = ['演示CA甲', '演示CA乙'].map((name, n) => ({
  id: id(501 + n), name, state: n === 0 ? 'active' : 'suspended', certificate, subject: `CN=${name} 密钥管理通信,O=${name}有限公司,C=CN`, not_after: '2029-11-27T08:00:00Z', tls_fingerprint: 'c7e2'.repeat(16), created_at: hours(-300), changed_at: hours(-3), version: 1,
}));
let made = 2400;

const shared = {
  '/rights': () => page(catalogue),
  '/operators': () => page(operators),
  '/clients': () => page([{ id: id(9), display_name: '互认平台', rights: ['order.enter'], credential: 'certificate', fingerprint: 'a3', state: 'active', created_at: hours(-90), version: 1 }]),
  '/audit/records': () => page(audit),
  '/audit/archives': () => page([{ id: id(8), first: 1, last: 1000, head_hash: 'ab', file_name: 'audit-1-1000.jsonl', created_by: id(3), created_at: hours(-48) }]),
  '/audit/verification': () => ({ whole: true, first: 1, records: 1208, head: { sequence: 1208, hash: '9c4e'.repeat(16) }, defect: 'none', defect_at: 0, signatures: { valid: 771, unsigned: 437, wrong: 0, wrong_records: [] } }),
};

export const ca = {
  ...shared,
  '/statistics': () => ({ orders: { entered: 3, submitted: 12, approved: 7, issued: 4, delivered: 1289, done: 96, refused: 2, cancelled: 11 }, certificates: { valid: 2512, suspended: 8, revoked: 88 }, key_centre_tasks: 2 }),
  '/orders': (query) => page(query.get('state') ? orders.filter((one) => one.state === query.get('state')) : orders),
  '/templates': () => page(templates),
  '/order-templates': () => page(templates.slice(0, 2)),
  '/certificates': () => page(pair),
  '/imports': (_query, method) => method === 'GET'
    ? { columns: [{ field: 'name', zh: '名称', en: 'name', required: true }, { field: 'number', zh: '号码', en: 'number', required: true }, { field: 'phone', zh: '电话', en: 'phone', required: false }] }
    : { rows: 20, good: 18, imported: 0, orders: [], findings: [{ row: 7, column: '号码', code: 'applicant.number', message_zh: '校验码不符', message_en: 'wrong check digit' }, { row: 15, column: '名称', code: 'applicant.name', message_zh: '名称为空', message_en: 'no name' }] },
};

export const kmc = {
  ...shared,
  '/statistics': () => ({ spare: 8123, in_use: 25_410, history: 1_877, authorities: [{ id: id(501), name: '演示CA甲', in_use: 15_200, history: 1_100 }, { id: id(502), name: '演示CA乙', in_use: 10_210, history: 777 }] }),
  '/policy': () => ({ minimum: 5000, target: 10_000, expired_days: 30, history_days: 3650, version: 1 }),
  '/makings': () => page([{ id: id(600), count: 10_000, made: (made += 350), due_at: hours(-1), requested_by: person('密钥操作员'), created_at: hours(-1) }, { id: id(601), count: 5000, made: 5000, due_at: hours(-50), requested_by: '', created_at: hours(-50), finished_at: hours(-49) }]),
  '/keys': () => page(pair.slice(1, 3).map((one, n) => ({ id: id(400 + n), store: 'in_use', authority: id(501 + n), certificate: one.serial, public_key: '', made_at: hours(-90), delivered_at: hours(-30), not_before: hours(-30), not_after: '2028-11-27T08:00:00Z' }))),
  '/authorities': () => page(authorities),
  '/recoveries': (query) => page(recoveries.filter((one) => !query.get('state') || one.state === query.get('state'))),
  '/judicial-officers': () => page([{ id: id(700), name: '李法官', organisation: '呼和浩特市中级人民法院', subject: 'CN=李法官', state: 'active', created_at: hours(-500) }]),
};

const first = (list, key) => (value) => list.find((item) => String(item[key]) === value);
export const one = {
  operators: first(operators, 'id'), templates: first(templates, 'id'), certificates: first(pair, 'serial'), recoveries: first(recoveries, 'id'),
  orders: (value) => { const found = first(orders, 'id')(value); return found && fullOrder(found); },
  records: (value) => { const found = first(audit, 'sequence')(value); return found && { ...found, previous: 'b1'.repeat(32), hash: '9c4e'.repeat(16), signed: { text: 'hutong-action-1\nPOST\n/api/v1/orders\n…', content: '', signature: 'MEQCIH6z…', certificate } }; },
};
