import type { Applicant, Subject, Template } from '@/console/api/caTypes';
import type { ConsoleKey } from '@/console/i18n';
import { isCitizenNumber, isCreditCode, isDnsName, isEmail, isPhone, numberKind, tidyNumber } from './checks';

/** What is wrong with an entry, by field; the text is a key. */
export type EntryFaults = Record<string, ConsoleKey>;

/** `complete`: also what is missing, not only what is typed wrong. */
export function applicantFaults(applicant: Applicant, complete: boolean): EntryFaults {
  const faults: EntryFaults = {};
  if (complete && !applicant.name.trim()) faults['applicant.name'] = 'check.missing';
  const number = tidyNumber(applicant.number);
  if (complete && !number) faults['applicant.number'] = 'check.missing';
  if (number.length >= 18 && !numberKind(number)) faults['applicant.number'] = 'check.number';
  if (complete && number && !numberKind(number)) faults['applicant.number'] = 'check.number';
  if (complete && applicant.phone && !isPhone(applicant.phone)) faults['applicant.phone'] = 'check.phone';
  if (complete && applicant.email && !isEmail(applicant.email)) faults['applicant.email'] = 'check.email';
  return faults;
}

const kServerAuthentication = '1.3.6.1.5.5.7.3.1';

/** Whether certificates of this template name hosts: those of servers. */
export function namesHosts(template: Template): boolean {
  return template.extended_key_usage?.includes(kServerAuthentication) ?? false;
}

export function subjectFaults(template: Template, subject: Subject, complete: boolean): EntryFaults {
  const faults: EntryFaults = {};
  for (const rule of template.subject) {
    const value = subject.attributes?.[rule.attribute]?.trim() ?? '';
    if (complete && rule.required && rule.fixed === undefined && !value) faults[`attribute.${rule.attribute}`] = 'check.missing';
    if (/[\u0000-\u001f]/.test(value)) faults[`attribute.${rule.attribute}`] = 'check.characters';
  }
  for (const rule of template.identity ?? []) {
    const value = subject.identities?.[rule.field] ?? '';
    if (complete && rule.required && !value) faults[`identity.${rule.field}`] = 'check.missing';
    if (value.length >= 18 || complete) {
      if (value && rule.check === 'unified_social_credit_code' && !isCreditCode(value)) faults[`identity.${rule.field}`] = 'check.credit_code_wrong';
      if (value && rule.check === 'resident_identity_card' && !isCitizenNumber(value)) faults[`identity.${rule.field}`] = 'check.citizen_number_wrong';
    }
  }
  if (namesHosts(template) && subject.dns_names?.some((name) => !isDnsName(name))) faults.dns_names = 'check.dns_name';
  return faults;
}

/** As sent: tidy numbers, nothing empty, fixed attributes from the template. */
export function tidyApplicant(applicant: Applicant): Applicant {
  const tidy = { ...applicant, name: applicant.name.trim(), number: tidyNumber(applicant.number) };
  return Object.fromEntries(Object.entries(tidy).filter(([, value]) => value)) as unknown as Applicant;
}

export function tidySubject(template: Template, subject: Subject): Subject {
  const attributes: Record<string, string> = {};
  for (const rule of template.subject) {
    const value = subject.attributes?.[rule.attribute]?.trim();
    if (rule.fixed === undefined && value) attributes[rule.attribute] = value;
  }
  const identities: Record<string, string> = {};
  for (const rule of template.identity ?? []) {
    const value = subject.identities?.[rule.field];
    if (value) identities[rule.field] = value;
  }
  const names = namesHosts(template) ? (subject.dns_names ?? []) : [];
  return names.length > 0 ? { attributes, identities, dns_names: names } : { attributes, identities };
}

const kAttributeOids: Record<string, string> = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
};

/** The name for a request made in the page; the CA takes the subject from the order. */
export function requestName(template: Template, subject: Subject): { oid: string; value: string }[] {
  return template.subject.flatMap(({ attribute, fixed }) => {
    const [oid, value] = [kAttributeOids[attribute], fixed ?? subject.attributes?.[attribute]?.trim()];
    return oid && value ? [{ oid, value }] : [];
  });
}

/** Templates that a person can order by: for keys of the applicant, not the CA's own services. */
export function orderable(templates: readonly Template[]): Template[] {
  return templates.filter((template) => template.key === 'request');
}
