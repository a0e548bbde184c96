import { describe, expect, it } from 'vitest';
import type { SignerReport } from '@/api/types';
import { certificates, makeFinding, makeReport } from '@/testing/report';
import { advice, allFindings, decidingFinding, findingsBesideSigners, generalReason, missingContent } from './verdict';

const signer = (findings: SignerReport['findings']): SignerReport => ({ indication: 'invalid', subject: 'CN=a', digest: 'SM3', chain: [], findings });

describe('decidingFinding', () => {
  it('is the first error of an invalid report, even when a signer holds it', () => {
    const report = makeReport({ indication: 'invalid', findings: [makeFinding('warning', 'w')], signers: [signer([makeFinding('error', 'e')])] });
    expect(decidingFinding(report)?.code).toBe('e');
  });

  it('is the first undecided one of an indeterminate report', () => {
    const findings = [makeFinding('info', 'i'), makeFinding('undecided', 'u')];
    expect(decidingFinding(makeReport({ indication: 'indeterminate', findings }))?.code).toBe('u');
  });

  it('is none when the verdict is valid', () => {
    expect(decidingFinding(makeReport({ findings: [makeFinding('warning', 'w')] }))).toBeNull();
  });
});

describe('generalReason', () => {
  it('claims "not revoked" only when that was checked', () => {
    const unchecked = { ...certificates.leaf, status: 'not_checked' as const };
    expect(generalReason(makeReport())).toBe('reason.certificate');
    expect(generalReason(makeReport({ chain: [unchecked] }))).toBe('reason.certificate_unchecked');
  });

  it('never says a good thing about a bad report', () => {
    expect(generalReason(makeReport({ indication: 'invalid' }))).toBe('reason.invalid');
    expect(generalReason(makeReport({ indication: 'indeterminate', kind: 'crl' }))).toBe('reason.indeterminate');
  });
});

describe('advice', () => {
  it('warns that a good request says nothing about identity', () => {
    expect(advice(makeReport({ kind: 'certificate_request' }))).toBe('advice.request');
    expect(advice(makeReport({ kind: 'unknown', indication: 'invalid' }))).toBe('advice.unknown');
    expect(advice(makeReport({ kind: 'enveloped_message', indication: 'indeterminate' }))).toBe('advice.envelope');
    expect(advice(makeReport({ indication: 'invalid' }))).toBe('advice.invalid');
  });
});

describe('findings of signers', () => {
  const shared = makeFinding('error', 'same', 'chain[0]');
  const report = makeReport({ findings: [shared, makeFinding('info', 'own')], signers: [signer([shared])] });

  it('are listed once', () => {
    expect(allFindings(report).map((finding) => finding.code)).toEqual(['same', 'own']);
    expect(findingsBesideSigners(report).map((finding) => finding.code)).toEqual(['own']);
  });
});

describe('missingContent', () => {
  it('asks for the content of a detached signature that came without', () => {
    const findings = [makeFinding('undecided', 'cms.missing_content')];
    expect(missingContent(makeReport({ kind: 'detached_signature', indication: 'indeterminate', findings }))).toBe('signature');
    expect(missingContent(makeReport({ kind: 'detached_signature' }))).toBeNull();
    expect(missingContent(makeReport({ indication: 'invalid', findings: [makeFinding('error', 'cms.content_differs')] }))).toBeNull();
  });

  it('offers to compare a good timestamp with its content', () => {
    const findings = [makeFinding('info', 'timestamp.content_not_given')];
    expect(missingContent(makeReport({ kind: 'timestamp', findings }))).toBe('timestamp');
  });
});
