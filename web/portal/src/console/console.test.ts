import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { consoleTexts } from './i18n';
import { subjectFaults, applicantFaults, tidyApplicant, tidySubject } from './lib/entry';
import { makingRate } from './lib/rates';
import { governedBy } from './lib/roles';
import { makeRouter } from './router';
import { menuFor } from './state/menu';
import type { Template } from './api/caTypes';
import { target } from './api/client';
import { actionText, loginText } from './api/session';
import DataTable from './components/DataTable.vue';
import FormField from './components/FormField.vue';
import OrderHistory from './components/OrderHistory.vue';

type Key = keyof typeof consoleTexts.zh;
const keys = Object.keys(consoleTexts.zh) as Key[];
const slots = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();

describe('texts of the console', () => {
  it('have the same keys and arguments in both languages, none empty', () => {
    expect(Object.keys(consoleTexts.en).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => !consoleTexts.zh[key] || !consoleTexts.en[key])).toEqual([]);
    expect(keys.filter((key) => slots(consoleTexts.zh[key]) !== slots(consoleTexts.en[key]))).toEqual([]);
  });

  it('are Chinese and English', () => {
    expect(keys.filter((key) => /[\u4e00-\u9fff]/.test(consoleTexts.en[key]))).toEqual([]);
  });
});

describe('what is signed', () => {
  it('is six lines for an action and five for a login, none at the end (docs/api/operators.yaml)', () => {
    expect(actionText('PUT', '/api/v1/orders/x?y=1', 'ab', '2026-06-01T08:05:00Z', 's')).toBe('hutong-action-1\nPUT\n/api/v1/orders/x?y=1\nab\n2026-06-01T08:05:00Z\ns');
    expect(loginText('https://ca.example:8443', '00', '2026-06-01T08:00:00Z', 'operator-session')).toBe(
      'hutong-login-1\nhttps://ca.example:8443\n00\n2026-06-01T08:00:00Z\noperator-session',
    );
  });

  it('leaves out empty members of a query and escapes the rest', () => {
    expect(target('/orders', { name: '甲 乙', state: '', cursor: undefined, limit: 50 })).toBe('/api/v1/orders?name=%E7%94%B2%20%E4%B9%99&limit=50');
  });
});

describe('pages by address', () => {
  const title = (pages: 'all' | 'public' | 'operators', path: string) => makeRouter({ program: 'hutong-ca', name: '', pages }).resolve(path).meta.title;
  it('keep operators and the public apart where their addresses are', () => {
    expect(['/apply', '/login', '/console'].map((path) => title('all', path))).toEqual(['apply.title', 'login.title', 'overview.title']);
    expect(['/apply', '/login', '/console'].map((path) => title('public', path))).toEqual(['apply.title', 'missing.title', 'missing.title']);
    expect(['/apply', '/login', '/console'].map((path) => title('operators', path))).toEqual(['missing.title', 'login.title', 'overview.title']);
  });
});

describe('the menu', () => {
  it('shows what the rights allow', () => {
    const titles = (rights: string[]) => menuFor('hutong-ca', rights).map((item) => item.to);
    expect(titles([])).toEqual(['/console']);
    expect(titles(['order.query', 'audit.read'])).toEqual(['/console', '/console/orders', '/console/templates', '/console/audit']);
    expect(menuFor('hutong-kmc', ['recovery.read']).map((item) => item.to)).toEqual(['/console', '/console/recoveries']);
  });

  it('knows whom a role governs', () => {
    expect(governedBy('business_administrator')).toEqual(['business_operator']);
    expect(governedBy('auditor')).toEqual([]);
  });
});

describe('an entry', () => {
  const template: Template = {
    id: 'organization-signing',
    version: 1,
    name_zh: '机构',
    name_en: 'Organisation',
    key: 'request',
    days: 730,
    most_days: 1826,
    subject: [
      { attribute: 'C', required: true, fixed: 'CN' },
      { attribute: 'CN', required: true },
      { attribute: 'OU', required: false },
    ],
    identity: [{ field: 'credit_code', oid: '1', required: true, check: 'unified_social_credit_code' }],
    key_usage: [],
  };

  it('is not scolded for what is not typed yet, but all of it when it is sent', () => {
    expect(applicantFaults({ name: '', number: '9135' }, false)).toEqual({});
    expect(applicantFaults({ name: '', number: '9135', phone: '1' }, true)).toEqual({
      'applicant.name': 'check.missing',
      'applicant.number': 'check.number',
      'applicant.phone': 'check.phone',
    });
    expect(subjectFaults(template, {}, false)).toEqual({});
    expect(subjectFaults(template, {}, true)).toEqual({ 'attribute.CN': 'check.missing', 'identity.credit_code': 'check.missing' });
    expect(subjectFaults(template, { identities: { credit_code: '91350100M000100Y44' } }, false)).toEqual({ 'identity.credit_code': 'check.credit_code_wrong' });
  });

  it('is sent tidy: no blanks, nothing empty, nothing that the template fixes or does not know', () => {
    expect(tidyApplicant({ name: ' 甲 ', number: '91350100 m000100y43', phone: '' })).toEqual({ name: '甲', number: '91350100M000100Y43' });
    const subject = { attributes: { C: 'US', CN: ' 甲 ', OU: '', X: '1' }, identities: { credit_code: '91350100M000100Y43', other: '1' } };
    expect(tidySubject(template, subject)).toEqual({ attributes: { CN: '甲' }, identities: { credit_code: '91350100M000100Y43' } });
  });

  it('names hosts where the template is for servers', () => {
    const server = { ...template, extended_key_usage: ['1.3.6.1.5.5.7.3.1'] };
    expect(subjectFaults(server, { dns_names: ['a.cn', 'a b'] }, false)).toEqual({ dns_names: 'check.dns_name' });
    expect(subjectFaults(server, { dns_names: ['a.cn', '*.b.cn'] }, false)).toEqual({});
    expect(tidySubject(server, { dns_names: ['a.cn'] }).dns_names).toEqual(['a.cn']);
    expect(tidySubject(template, { dns_names: ['a.cn'] }).dns_names).toBeUndefined();
  });
});

it('measures keys per second between two looks', () => {
  const making = (id: string, made: number) => ({ id, count: 100, made, due_at: '', requested_by: '', created_at: '' });
  expect(makingRate({ at: 0, items: [making('a', 10)] }, { at: 5000, items: [making('b', 50), making('a', 60)] })).toBe(20);
  expect(makingRate({ at: 0, items: [] }, { at: 0, items: [] })).toBe(0);
});

describe('components', () => {
  it('a field ties its note to the control and says what is wrong', () => {
    const field = mount(FormField, {
      props: { label: '名称', fault: '请填写' },
      slots: { default: `<template #default="{ id, described, invalid }"><input :id="id" :aria-describedby="described" :aria-invalid="invalid" /></template>` },
    });
    const input = field.find('input');
    expect(field.find('label').attributes('for')).toBe(input.attributes('id'));
    expect(field.find(`[id="${input.attributes('aria-describedby')}"]`).text()).toContain('请填写');
    expect(input.attributes('aria-invalid')).toBe('true');
  });

  it('a table draws its rows, or says that there are none', () => {
    const props = { columns: [{ key: 'a', label: 'A' }], rowKey: (row: { a: string }) => row.a, caption: 'c', empty: '没有' };
    expect(mount(DataTable<{ a: string }>, { props: { ...props, rows: [{ a: '1' }, { a: '' }] } }).findAll('tbody .value').map((cell) => cell.text())).toEqual(['1', '—']);
    expect(mount(DataTable<{ a: string }>, { props: { ...props, rows: [] } }).text()).toBe('没有');
  });

  it('a history says who, when, why, and whether it was signed', () => {
    const step = { number: 1, step: 'refuse', state: 'refused' as const, at: '2026-11-28T08:00:00Z', actor: 'CN=审核员,O=甲,C=CN', fingerprint: 'ab', signed: true, note: '缺执照' };
    const text = mount(OrderHistory, { props: { steps: [step, { ...step, number: 2, actor: '', signed: false }] } }).text();
    for (const part of ['审核退回', '审核员', '2026-11-28 16:00:00', '缺执照', '操作员签名已验证', '申请者（在线）', '无操作员签名']) expect(text).toContain(part);
  });
});
