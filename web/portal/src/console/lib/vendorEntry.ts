import type { VendorContent, VendorRole } from '@/console/api/platformTypes';
import type { EntryColumn, EntryRow } from './entryRows';
import { tidyRows } from './entryRows';
import { yuan } from './looks';

/** The lists of a vendor's entry form and how they stand in its content. */
export const kVendorRoles: readonly VendorRole[] = ['purchaser', 'agency', 'supplier', 'expert'];

export const kFeeColumns: EntryColumn[] = [
  { key: 'role', label: 'vendor.fee_role', required: true },
  { key: 'year', label: 'vendor.fee_year', required: true, form: 'amount' },
  { key: 'token', label: 'vendor.fee_token', form: 'amount' },
];
export const kDriverColumns: EntryColumn[] = [
  { key: 'name', label: 'vendor.driver_name', required: true },
  { key: 'version', label: 'vendor.driver_version', required: true },
  { key: 'system', label: 'vendor.driver_system', required: true },
  { key: 'address', label: 'vendor.driver_address', form: 'address' },
];
export const kCounterColumns: EntryColumn[] = [
  { key: 'region', label: 'vendor.counter_region', required: true },
  { key: 'address', label: 'vendor.counter_address', required: true },
  { key: 'telephone', label: 'vendor.counter_telephone' },
];

type Fee = NonNullable<VendorContent['fees']>[number];

export function feeRows(fees: readonly Fee[] = []): EntryRow[] {
  return fees.map((fee) => ({
    role: fee.role,
    year: yuan(fee.certificate_fen_per_year),
    token: fee.token_fen === undefined ? '' : yuan(fee.token_fen),
  }));
}

const fen = (text: string): number => Math.round(Number(text) * 100);

export function feesOf(rows: readonly EntryRow[]): Fee[] {
  return tidyRows<{ role: VendorRole; year: string; token?: string }>(rows).map(({ role, year, token }) => ({
    role,
    certificate_fen_per_year: fen(year),
    ...(token && { token_fen: fen(token) }),
  }));
}
