import type { Certificate, SignerReport } from '@/api/types';
import { useI18n } from '@/i18n';
import { certificateAt, signerIndex } from '@/lib/chain';
import { displayName } from '@/lib/names';

/** Turns the place of a finding ("chain[1].validity") into words: the certificate or signer it is about. */
export function usePlace() {
  const { t } = useI18n();
  return (where: string, chain: Certificate[], signers: SignerReport[] = []): string => {
    const certificate = certificateAt(where, chain, signers);
    if (certificate) return displayName(certificate);
    const signer = signerIndex(where);
    return signer === null ? '' : t('signers.one', { n: signer + 1 });
  };
}
