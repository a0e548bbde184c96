import { describe, expect, it } from 'vitest';
import { certificates, makeFinding } from '@/testing/report';
import { certificateAt, chainIndex, findingsFor, isAnchored, linkState, sameChain } from './chain';
import { displayName, shortName } from './names';

const { leaf, sub, root } = certificates;
const chain = [leaf, sub, root];

describe('chainIndex', () => {
  it('reads the certificate a finding is about', () => {
    expect([chainIndex('chain[0]'), chainIndex('chain[12].validity'), chainIndex('signer[1].chain[2]')]).toEqual([0, 12, 2]);
    expect([chainIndex('file'), chainIndex(''), chainIndex('keychain[1]')]).toEqual([null, null, null]);
  });

  it('tells chain[1] from chain[10]', () => {
    const findings = [makeFinding('error', 'a', 'chain[10]'), makeFinding('error', 'b', 'chain[1]')];
    expect(findingsFor(findings, 1).map((finding) => finding.code)).toEqual(['b']);
  });
});

describe('linkState', () => {
  it('is right when nothing speaks against it', () => {
    expect(linkState(chain, [], 0)).toBe('ok');
    expect(linkState(chain, [makeFinding('error', 'path.expired', 'chain[0]')], 0)).toBe('ok');
  });

  it('is broken only where the signature is wrong', () => {
    const findings = [makeFinding('error', 'path.signature_invalid', 'chain[1]')];
    expect([linkState(chain, findings, 0), linkState(chain, findings, 1)]).toEqual(['ok', 'bad']);
  });

  it('is not called broken for trouble with a revocation list or a refused algorithm', () => {
    expect(linkState(chain, [makeFinding('undecided', 'revocation.crl_signature', 'chain[0]')], 0)).toBe('ok');
    expect(linkState(chain, [makeFinding('error', 'path.algorithm_refused', 'chain[0]')], 0)).toBe('unknown');
  });

  it('is unknown towards an issuer that was not found', () => {
    expect(linkState([leaf], [], 0)).toBe('unknown');
  });
});

describe('certificateAt', () => {
  const signers = [chain, [root]].map((own) => ({ indication: 'valid' as const, subject: '', digest: 'SM3', chain: own, findings: [] }));

  it('looks in the chain of the signer that is named', () => {
    expect(certificateAt('signer[1].chain[0].validity', chain, signers)).toBe(root);
    expect(certificateAt('chain[1]', chain, signers)).toBe(sub);
    expect(certificateAt('signer[1].chain[7]', chain, signers)).toBeNull();
    expect(certificateAt('signer[0]', chain, signers)).toBeNull();
  });
});

describe('chains', () => {
  it('are anchored when they end in an anchor', () => {
    expect([isAnchored(chain), isAnchored([leaf, sub]), isAnchored([])]).toEqual([true, false, false]);
  });

  it('are compared by fingerprint', () => {
    expect([sameChain(chain, [...chain]), sameChain(chain, [leaf, sub]), sameChain(chain, [sub, leaf, root])]).toEqual([true, false, false]);
  });
});

describe('names', () => {
  it('takes the common name, else what there is', () => {
    expect(displayName(sub)).toBe('演示CA甲 SM2 CA1');
    expect(displayName({ ...sub, subject_attributes: [] })).toBe(sub.subject);
  });

  it('finds the readable part of an RFC 4514 name', () => {
    expect(shortName('CN=Smith\\, Anna,O=Example,C=CN')).toBe('Smith, Anna');
    expect(shortName('O=Example,C=CN')).toBe('Example');
    expect(shortName('C=CN')).toBe('C=CN');
  });
});
