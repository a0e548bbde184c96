import { describe, expect, it } from 'vitest';
import { beijingToRfc3339, formatDate, formatTime, validityAt } from './time';

describe('times in Beijing', () => {
  it('moves UTC eight hours on, over midnight', () => {
    expect(formatTime('2026-11-22T18:00:05Z')).toBe('2026-11-23 02:00:05');
    expect(formatDate('2026-12-31T16:00:00Z')).toBe('2027-01-01');
  });

  it('shows what it cannot read as it is', () => {
    expect(formatTime('soon')).toBe('soon');
    expect(formatTime(undefined)).toBe('—');
  });

  it('sends a wall clock reading with its offset', () => {
    expect(Date.parse(beijingToRfc3339('2026-11-23T02:00:05'))).toBe(Date.parse('2026-11-22T18:00:05Z'));
  });
});

describe('validityAt', () => {
  const [from, to] = ['2026-01-01T00:00:00Z', '2026-01-11T00:00:00Z'];

  it('finds the place within the period', () => {
    expect(validityAt(from, to, '2026-01-06T00:00:00Z')).toEqual({ phase: 'within', share: 0.5, daysLeft: 5 });
  });

  it('counts both ends in', () => {
    expect(validityAt(from, to, from).phase).toBe('within');
    expect(validityAt(from, to, to).phase).toBe('within');
  });

  it('stays on the bar outside the period', () => {
    expect(validityAt(from, to, '2025-12-31T23:59:59Z')).toMatchObject({ phase: 'before', share: 0 });
    expect(validityAt(from, to, '2026-01-11T00:00:01Z')).toMatchObject({ phase: 'after', share: 1 });
  });

  it('survives a period that ends before it begins', () => {
    expect(validityAt(to, from, '2026-01-06T00:00:00Z').share).toBe(1);
  });
});
