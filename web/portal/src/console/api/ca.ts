import type {
  ApplicationState,
  CertificateSummary,
  Fee,
  ImportColumn,
  ImportReport,
  IssuedObjects,
  Material,
  NewOrder,
  Order,
  OrderState,
  OrderSummary,
  Applicant,
  Statistics,
  Subject,
  Template,
} from './caTypes';
import { call, callForFile, type Query, target } from './client';
import type { Page } from './types';

/** The calls of docs/api/ca.yaml. */
const path = (text: string) => encodeURIComponent(text);
const order = (id: string, part = '') => target(`/orders/${path(id)}${part}`);

export const fetchStatistics = () => call<Statistics>('GET', target('/statistics'));
export const fetchOrders = (query: Query) => call<Page<OrderSummary>>('GET', target('/orders', query));
export const fetchOrder = (id: string) => call<Order>('GET', order(id));
export const fetchPersonalData = (id: string) => call<{ applicant: Applicant; subject: Subject }>('GET', order(id, '/personal-data'));
export const enterOrder = (body: NewOrder) =>
  call<Order>('POST', target('/orders'), { body, headers: { 'Idempotency-Key': newKey() } });
export const changeOrder = (id: string, body: NewOrder & { version: number }) => call<Order>('PUT', order(id), { body });

export type StepName = 'submission' | 'approval' | 'refusal' | 'cancellation' | 'issuance' | 'delivery';
export const takeStep = (id: string, step: StepName, body: { version: number; note?: string }) => call<Order>('POST', order(id, `/${step}`), { body });
export const renewPickUpSecret = (id: string, version: number) =>
  call<{ id: string; pick_up_secret: string }>('POST', order(id, '/pick-up-secret'), { body: { version } });
export const attachRequest = (id: string, version: number, request: string) =>
  call<Order>('PUT', order(id, '/request'), { body: { version, request } });
export const makeOrders = (orders: string[]) =>
  call<{ items: { id: string; state: OrderState; code?: string; detail?: string }[] }>('POST', target('/issuances'), { body: { orders } });
export const fetchIssued = (id: string) => call<IssuedObjects>('GET', order(id, '/certificates'));
export const attachMaterial = (id: string, body: { kind: string; file_name: string; content: string }) =>
  call<Material>('POST', order(id, '/materials'), { body });
export const fetchMaterial = (id: string, sm3: string) => callForFile(order(id, `/materials/${path(sm3)}`));
export const addFee = (id: string, body: Fee) => call<Fee>('POST', order(id, '/fees'), { body });

export const fetchImportColumns = () => call<{ columns: ImportColumn[] }>('GET', target('/imports'));
export const importOrders = (body: object) => call<ImportReport>('POST', target('/imports'), { body });

export const fetchTemplates = () => call<{ items: Template[] }>('GET', target('/templates'));
export const fetchTemplate = (id: string) => call<Template>('GET', target(`/templates/${path(id)}`));
export const addTemplate = (body: Template) => call<Template>('POST', target('/templates'), { body });
export const retireTemplate = (id: string) => call<void>('DELETE', target(`/templates/${path(id)}`));
export const setGrant = (id: string, granted: boolean) => call<void>(granted ? 'PUT' : 'DELETE', target(`/templates/${path(id)}/grant`));
export const synchroniseTemplates = () =>
  call<{ added: string[]; changed: string[]; withdrawn: string[]; at: string }>('POST', target('/template-synchronisations'));
export const fetchOrderTemplates = () => call<{ items: Template[] }>('GET', target('/order-templates'));

export const fetchCertificates = (query: Query) => call<Page<CertificateSummary>>('GET', target('/certificates', query));
export const fetchCertificate = (serial: string) => call<CertificateSummary>('GET', target(`/certificates/${path(serial)}`));

// The public, without a login.
const pickUp = (secret: string) => ({ anonymous: true, headers: { 'Hutong-Pick-Up': secret } });
const application = (id: string, part = '') => target(`/applications/${path(id)}${part}`);
export const apply = (body: object, key: string) =>
  call<ApplicationState>('POST', target('/applications'), { anonymous: true, body, headers: { 'Idempotency-Key': key } });
export const fetchApplication = (id: string, secret: string) => call<ApplicationState>('GET', application(id), pickUp(secret));
export const pickUpCertificates = (id: string, secret: string) => call<IssuedObjects>('GET', application(id, '/certificates'), pickUp(secret));
export const acceptCertificates = (id: string, secret: string) => call<ApplicationState>('POST', application(id, '/acceptance'), pickUp(secret));

/** Names one entry, so that sending it twice makes one order. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (octet) => octet.toString(16).padStart(2, '0')).join('');
}
