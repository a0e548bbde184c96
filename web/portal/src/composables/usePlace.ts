import type { Certificate } from '@/api/types';
import { useI18n } from '@/i18n';
import { chainIndex } from '@/lib/chain';
import { displayName } from '@/lib/names';

/** Turns the place of a finding ("chain[1].validity") into words: the name of the certificate it is about. */
export function usePlace() {
  const { t } = useI18n();
  return (where: string, chain: Certificate[]): string => {
    const index = chainIndex(where);
    const certificate = index === null ? undefined : chain[index];
    if (certificate) return displayName(certificate);
    const signer = /^signers?\[(\d+)\]/.exec(where);
    return signer ? t('signers.one', { n: Number(signer[1]) + 1 }) : '';
  };
}
