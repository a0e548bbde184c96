import { describe, expect, it } from 'vitest';
import { cellFault, rowsAreRight, tidyRows } from './entryRows';
import { feeRows, feesOf, kCounterColumns, kDriverColumns, kFeeColumns } from './vendorEntry';

describe('lists of the entry form', () => {
  it('says what is missing or of another form', () => {
    const [role, year] = kFeeColumns;
    expect(cellFault(role!, {})).toBe('check.missing');
    expect(['', '120', '0', '99.5', '99.50'].map((text) => cellFault(year!, { year: text }))).toEqual(['check.missing', undefined, undefined, undefined, undefined]);
    expect(['-1', '1.234', '1,5', 'free', '12345678'].map((text) => cellFault(year!, { year: text }))).toEqual(Array(5).fill('check.amount'));
    expect(cellFault(kDriverColumns[3]!, { address: 'javascript:alert(1)' })).toBe('check.address');
    expect(rowsAreRight(kCounterColumns, [{ region: '150100', address: '新华大街1号' }])).toBe(true);
    expect(rowsAreRight(kCounterColumns, [{ region: '150100', address: ' ' }])).toBe(false);
    expect(rowsAreRight(kCounterColumns, [])).toBe(true);
  });

  it('leaves out what was left empty', () => {
    expect(tidyRows([{ region: '150100', address: ' 新华大街1号 ', telephone: ' ' }])).toEqual([{ region: '150100', address: '新华大街1号' }]);
  });

  it('turns yuan into fen and back', () => {
    const fees = [
      { role: 'supplier' as const, certificate_fen_per_year: 12_010, token_fen: 2_990 },
      { role: 'expert' as const, certificate_fen_per_year: 0 },
    ];
    expect(feeRows(fees)[0]).toEqual({ role: 'supplier', year: '120.10', token: '29.90' });
    expect(feesOf(feeRows(fees))).toEqual(fees);
  });
});
