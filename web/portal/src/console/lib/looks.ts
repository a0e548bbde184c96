import type { OrderState } from '@/console/api/caTypes';
import type { Tone } from '@/console/components/StateTag.vue';
import type { Outcome, SignatureVerdict } from '@/console/api/types';
import type { RecoveryState } from '@/console/api/kmcTypes';
import type { ConnectorOutcome, ServiceStatus, StepState, VendorState, SystemState } from '@/console/api/platformTypes';

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

export const kSystemTones: Record<SystemState, Tone> = { proposed: 'waiting', active: 'good', suspended: 'doubt', rejected: 'bad', retired: 'off' };
export const kVendorTones: Record<VendorState, Tone> = {
  applied: 'note',
  documents_checked: 'waiting',
  joint_test_passed: 'waiting',
  accredited: 'good',
  suspended: 'doubt',
  withdrawn: 'off',
};
/** What can be done next; the platform decides. */
export const kVendorSteps: Record<VendorState, VendorState[]> = {
  applied: ['documents_checked', 'withdrawn'],
  documents_checked: ['joint_test_passed', 'applied', 'withdrawn'],
  joint_test_passed: ['accredited', 'applied', 'withdrawn'],
  accredited: ['suspended', 'withdrawn'],
  suspended: ['accredited', 'withdrawn'],
  withdrawn: [],
};
/** Proposed by one, decided by another; one proposal at a time. */
export const kTwoPersonSteps: readonly VendorState[] = ['accredited', 'withdrawn'];
export const kStepTones: Record<StepState, Tone> = { open: 'waiting', released: 'good', rejected: 'bad' };
export const kConnectorTones: Record<ConnectorOutcome, Tone> = { answered: 'good', 'connector.away': 'bad', 'connector.refused': 'bad', 'connector.answer': 'bad' };
export const kServiceTones: Record<ServiceStatus, Tone> = { granted: 'good', suspended: 'doubt', withdrawn: 'bad' };

/** "120.00" for 12,000 fen. */
export function yuan(cents: number): string {
  return (cents / 100).toFixed(2);
}
