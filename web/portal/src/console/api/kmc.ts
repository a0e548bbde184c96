import { call, callForFile, type Query, target } from './client';
import type { Authority, Custody, EscrowedKey, Making, Officer, Policy, Recovery, StoreStatistics } from './kmcTypes';
import type { Page } from './types';

/** The calls of docs/api/kmc.yaml. */
const path = (text: string) => encodeURIComponent(text);

export const fetchPolicy = () => call<Policy>('GET', target('/policy'));
export const setPolicy = (body: Policy) => call<Policy>('PUT', target('/policy'), { body });
export const fetchStoreStatistics = () => call<StoreStatistics>('GET', target('/statistics'));
export const fetchMakings = () => call<{ items: Making[] }>('GET', target('/makings'));
export const orderMaking = (count: number) => call<Making>('POST', target('/makings'), { body: { count } });
export const fetchKeys = (query: Query) => call<Page<EscrowedKey>>('GET', target('/keys', query));
export const fetchAuthorities = () => call<{ items: Authority[] }>('GET', target('/authorities'));
export const addAuthority = (body: { name: string; certificate: string; tls_certificate: string }) =>
  call<Authority>('POST', target('/authorities'), { body });
export const changeAuthority = (id: string, body: object) => call<Authority>('PUT', target(`/authorities/${path(id)}`), { body });
export const fetchRecoveries = (query: Query) => call<Page<Recovery>>('GET', target('/recoveries', query));
export const fetchRecovery = (id: string) => call<Recovery>('GET', target(`/recoveries/${path(id)}`));
export const openRecovery = (body: object) => call<Recovery>('POST', target('/recoveries'), { body });
export const fetchRecoveryDocument = (id: string) => callForFile(target(`/recoveries/${path(id)}/document`));
export const approveRecovery = (id: string, share: string) => call<Recovery>('POST', target(`/recoveries/${path(id)}/approval`), { body: { share } });
export const refuseRecovery = (id: string, reason: string) => call<Recovery>('POST', target(`/recoveries/${path(id)}/refusal`), { body: { reason } });
export const fetchRecoveredKey = (id: string) => callForFile(target(`/recoveries/${path(id)}/envelope`));
export const fetchCustody = () => call<Custody>('GET', target('/custody'));
export const fetchOfficers = () => call<{ items: Officer[] }>('GET', target('/judicial-officers'));
export const addOfficer = (body: { name: string; organisation: string; certificate: string }) => call<Officer>('POST', target('/judicial-officers'), { body });
export const retireOfficer = (id: string) => call<Officer>('POST', target(`/judicial-officers/${path(id)}/retirement`), {});
