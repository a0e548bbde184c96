import type { Custody, Recovery } from '@/console/api/kmcTypes';
import { type Sm2Key, sm2Encrypt } from '@/keys/sm2';
import { base64ToBytes, bytesToBase64 } from '@/lib/format';

/** A custodian's share of the master key, opened with the custodian's key and encrypted for one case. */
export function shareForCase(custody: Custody, recovery: Recovery, key: Sm2Key): string {
  const share = key.decrypt(base64ToBytes(custody.sealed));
  try {
    return bytesToBase64(sm2Encrypt(share, base64ToBytes(recovery.case_key)));
  } finally {
    share.fill(0);
  }
}

/** What a judicial officer signs to have a key released as evidence (docs/api/kmc.yaml). */
export function evidenceText(keyId: string, documentNumber: string, documentSm3: string, sessionId: string): string {
  return ['hutong-recovery-1', keyId, documentNumber, documentSm3, sessionId].join('\n');
}
