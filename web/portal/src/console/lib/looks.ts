import type { OrderState } from '@/console/api/caTypes';
import type { Tone } from '@/console/components/StateTag.vue';
import type { Outcome, SignatureVerdict } from '@/console/api/types';
import type { RecoveryState } from '@/console/api/kmcTypes';

/** How states look: icon and colour beside the word. */
export const kOrderTones: Record<OrderState, Tone> = {
  entered: 'note',
  submitted: 'waiting',
  approved: 'waiting',
  issued: 'waiting',
  delivered: 'good',
  done: 'good',
  refused: 'bad',
  cancelled: 'off',
};

export const kCertificateTones: Record<string, Tone> = { valid: 'good', suspended: 'doubt', revoked: 'bad' };
export const kOutcomeTones: Record<Outcome, Tone> = { done: 'good', refused: 'doubt', failed: 'bad' };
export const kSignatureTones: Record<SignatureVerdict, Tone> = { none: 'off', valid: 'good', invalid: 'bad', unknown_signer: 'bad' };
export const kRecoveryTones: Record<RecoveryState, Tone> = { open: 'waiting', released: 'good', refused: 'bad', expired: 'off' };

/** "120.00" for 12,000 fen. */
export function yuan(cents: number): string {
  return (cents / 100).toFixed(2);
}
