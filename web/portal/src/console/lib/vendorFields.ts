import { readFacts } from '@/asn1/facts';
import type { Field } from '@/components/FieldList.vue';
import type { VendorContent } from '@/console/api/platformTypes';
import type { useTexts } from '@/console/i18n';
import { regionName } from '@/console/lib/checks';
import { yuan } from '@/console/lib/looks';
import { base64ToBytes } from '@/lib/format';

type Translate = ReturnType<typeof useTexts>['t'];
type Language = Parameters<typeof regionName>[1];

/** What is known about a vendor, always the same fields in the same order. */
export function vendorFields(one: VendorContent, t: Translate, language: Language): Field[] {
  const list = <T>(entries: readonly T[] | undefined, text: (entry: T) => string) => (entries ?? []).map(text).join('；');
  const hours = (wanted: number | undefined) => (wanted === undefined ? '' : t('vendor.hours', { n: wanted }));
  const serial = (certificate: string) => readFacts(base64ToBytes(certificate))?.serial ?? '';
  return [
    { label: t('vendor.name_zh'), value: one.name_zh },
    { label: t('vendor.name_en'), value: one.name_en },
    { label: t('vendor.uscc'), value: one.uscc, mono: true },
    { label: t('vendor.batch'), value: t(one.first_batch ? 'vendor.first_batch' : 'vendor.later_batch') },
    { label: t('vendor.connector'), value: `${one.connector.kind.toUpperCase()} ${one.connector.address}` },
    { label: t('vendor.issue_within'), value: hours(one.commitments.issue_hours) },
    { label: t('vendor.replace_within'), value: hours(one.commitments.replacement_hours) },
    { label: t('vendor.hotline'), value: one.commitments.hotline },
    { label: t('vendor.online'), value: one.commitments.online_address ?? '' },
    { label: t('vendor.contact'), value: list(one.contacts, (entry) => [entry.name, entry.position, entry.telephone, entry.email].filter(Boolean).join(' ')) },
    { label: t('vendor.licences'), value: list(one.licences, (entry) => t('vendor.licence_until', { kind: entry.kind, number: entry.number, until: entry.valid_until })) },
    { label: t('vendor.fees'), value: list(one.fees, (entry) => t(entry.token_fen === undefined ? 'vendor.fee' : 'vendor.fee_and_token', { role: t(`vendor_role.${entry.role}`), year: yuan(entry.certificate_fen_per_year), token: yuan(entry.token_fen ?? 0) })) },
    { label: t('vendor.drivers'), value: list(one.drivers, (entry) => `${entry.name} ${entry.version} ${entry.system}`) },
    { label: t('vendor.counters'), value: list(one.counters, (entry) => [regionName(entry.region, language), entry.address, entry.telephone].filter(Boolean).join(' ')) },
    { label: t('vendor.services'), value: list(one.services, (entry) => `${t(`service_kind.${entry.kind}`)} ${entry.name_zh} ${serial(entry.certificate)}`) },
  ];
}

export interface FieldChange extends Field {
  before: string;
}

/** The fields in which a proposed content differs from the present one. */
export function changedFields(present: VendorContent, proposed: VendorContent, t: Translate, language: Language): FieldChange[] {
  const before = vendorFields(present, t, language);
  return vendorFields(proposed, t, language)
    .map((field, at) => ({ ...field, before: before[at]?.value ?? '' }))
    .filter((field) => field.value !== field.before);
}
