import { call, callForFile, type Query, target } from './client';
import type { Archive, AuditRecord, AuditVerification, Client, FullAuditRecord, Operator, Page, Right } from './types';

/** The calls of docs/api/operators.yaml beside login. */
const path = (text: string) => encodeURIComponent(text);

export const fetchRights = () => call<{ items: Right[] }>('GET', target('/rights'));
export const fetchOperators = (query: Query) => call<Page<Operator>>('GET', target('/operators', query));
export const fetchOperator = (id: string) => call<Operator>('GET', target(`/operators/${path(id)}`));
export const addOperator = (body: { display_name: string; role: string; rights: string[]; region?: string; certificate: string }) =>
  call<Operator>('POST', target('/operators'), { body });
export const changeOperator = (id: string, body: { version: number; display_name?: string; rights?: string[]; region?: string }) =>
  call<Operator>('PUT', target(`/operators/${path(id)}`), { body });
export const replaceCertificate = (id: string, version: number, certificate: string) =>
  call<Operator>('POST', target(`/operators/${path(id)}/certificate`), { body: { version, certificate } });
export const retireOperator = (id: string, version: number) => call<Operator>('POST', target(`/operators/${path(id)}/retirement`), { body: { version } });

export const fetchClients = (query: Query) => call<Page<Client>>('GET', target('/clients', query));
export const addClient = (body: { display_name: string; rights: string[]; certificate?: string }) => call<Client>('POST', target('/clients'), { body });
export const retireClient = (id: string, version: number) => call<Client>('POST', target(`/clients/${path(id)}/retirement`), { body: { version } });

export const fetchAuditRecords = (query: Query) => call<Page<AuditRecord>>('GET', target('/audit/records', query));
export const fetchAuditRecord = (sequence: string) => call<FullAuditRecord>('GET', target(`/audit/records/${path(sequence)}`));
export const verifyAudit = () => call<AuditVerification>('POST', target('/audit/verification'), { body: {} });
export const markAudited = (first: number, last: number) => call<{ marked: number }>('POST', target('/audit/marks'), { body: { first, last } });
export const fetchArchives = (query: Query) => call<Page<Archive>>('GET', target('/audit/archives', query));
export const createArchive = (last: number) => call<Archive>('POST', target('/audit/archives'), { body: { last } });
export const fetchArchivePart = (id: string, part: 'content' | 'signature') => callForFile(target(`/audit/archives/${path(id)}/${part}`));
