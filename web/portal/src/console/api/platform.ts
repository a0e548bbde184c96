import { call, callForFile, type Query, target } from './client';
import type { BusinessSystem, CommitmentReport, ConnectorCheck, DocumentKind, Region, Subject, SubjectKind, SubjectRole, SystemContent, SystemStep, SystemStepKind, TrustDraft, TrustRelease, Vendor, VendorContent, VendorDocument, VendorDossier, VendorState, VendorStep } from './platformTypes';
import type { Page } from './types';

/** The calls of docs/openapi.json that are for operators. */
const path = (text: string) => encodeURIComponent(text);
export interface Decision {
  decision: 'release' | 'reject';
  reason: string;
}

export const fetchVendors = (query: Query) => call<Page<Vendor>>('GET', target('/vendors', query));
export const fetchVendor = (id: string) => call<VendorDossier>('GET', target(`/vendors/${path(id)}`));
export const enterVendor = (body: VendorContent) => call<Vendor>('POST', target('/vendors'), { body });
export const fetchCommitments = (id: string) => call<CommitmentReport>('GET', target(`/vendors/${path(id)}/commitment-report`));
export const checkConnector = (id: string) => call<ConnectorCheck>('POST', target(`/vendors/${path(id)}/connector-checks`));
export const changeVendor = (id: string, body: { version: number; content: VendorContent }) => call<Vendor>('PUT', target(`/vendors/${path(id)}`), { body });
export const proposeVendorChange = (id: string, body: { version: number; content: VendorContent; reason: string }) =>
  call<VendorStep>('POST', target(`/vendors/${path(id)}/changes`), { body });
export const addVendorDocument = (id: string, body: { kind: DocumentKind; file_name: string; content: string }) =>
  call<VendorDocument>('POST', target(`/vendors/${path(id)}/documents`), { body });
export const fetchVendorDocument = (id: string, document: string) => callForFile(target(`/vendors/${path(id)}/documents/${path(document)}`));
export const takeVendorStep = (id: string, body: { to: VendorState; version: number; reason: string }) =>
  call<VendorStep>('POST', target(`/vendors/${path(id)}/steps`), { body });
export const decideVendorStep = (id: string, body: Decision) => call<VendorStep>('POST', target(`/vendor-steps/${path(id)}/decision`), { body });

export const fetchTrustDraft = () => call<TrustDraft>('GET', target('/trust-list-draft'));
export const fetchTrustReleases = (query: Query) => call<Page<TrustRelease>>('GET', target('/trust-list-releases', query));
export const proposeTrustList = (body: { draft_sm3: string; valid_days: number; reason: string }) =>
  call<TrustRelease>('POST', target('/trust-list-releases'), { body });
export const decideTrustList = (id: string, body: Decision) => call<TrustRelease>('POST', target(`/trust-list-releases/${path(id)}/decision`), { body });

export const fetchSystems = (query: Query) => call<Page<BusinessSystem>>('GET', target('/business-systems', query));
/** The secret is in this answer and never again. */
export const proposeSystem = (body: SystemContent) => call<BusinessSystem & { client_secret: string }>('POST', target('/business-systems'), { body });
export const decideSystem = (id: string, body: Decision) => call<BusinessSystem>('POST', target(`/business-systems/${path(id)}/decision`), { body });
export const retireSystem = (id: string, reason: string) => call<BusinessSystem>('POST', target(`/business-systems/${path(id)}/retirement`), { body: { reason } });
export const suspendSystem = (id: string, reason: string) => call<BusinessSystem>('POST', target(`/business-systems/${path(id)}/suspension`), { body: { reason } });
export const proposeSystemStep = (id: string, step: SystemStepKind, reason: string) => call<SystemStep>('POST', target(`/business-systems/${path(id)}/steps`), { body: { step, reason } });
export const decideSystemStep = (id: string, step: string, body: Decision) => call<BusinessSystem>('POST', target(`/business-systems/${path(id)}/steps/${path(step)}/decision`), { body });

export const fetchRegions = () => call<{ items: Region[] }>('GET', target('/regions'));
export const fetchSubjects = (query: Query) => call<Page<Subject>>('GET', target('/subjects', query));
export const lookUpSubject = (body: { kind: SubjectKind; number: string }) => call<Page<Subject>>('POST', target('/subject-lookups'), { body });
export const changeSubject = (id: string, body: { version: number; reason: string; name: string; roles: SubjectRole[]; region: string }) =>
  call<Subject>('PUT', target(`/subjects/${path(id)}`), { body });
