import type { Locale } from '@/i18n';

/**
 * Times are shown in Beijing time (UTC+8) wherever the browser is, so that two people who look at one
 * report, on screen or on paper, read the same figures.
 */
const kBeijingOffsetMs = 8 * 3_600_000;
const kDayMs = 86_400_000;

function beijing(text: string): string | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time + kBeijingOffsetMs).toISOString();
}

/** "2026-11-22 18:00:00"; the text itself when it is not a time. */
export function formatTime(text: string | undefined): string {
  if (!text) return '—';
  const iso = beijing(text);
  return iso ? iso.slice(0, 19).replace('T', ' ') : text;
}

export function formatDate(text: string | undefined): string {
  if (!text) return '—';
  const iso = beijing(text);
  return iso ? iso.slice(0, 10) : text;
}

export function timeZoneLabel(locale: Locale): string {
  return locale === 'zh' ? '北京时间' : 'Beijing time, UTC+8';
}

/** A wall clock reading in Beijing ("2026-11-22T18:00:00") as RFC 3339. */
export function beijingToRfc3339(wallClock: string): string {
  return `${wallClock}+08:00`;
}

export type ValidityPhase = 'before' | 'within' | 'after';

export interface Validity {
  phase: ValidityPhase;
  /** Where `at` lies between the two ends, 0 to 1. */
  share: number;
  /** Whole days from `at` to the end; negative when over. */
  daysLeft: number;
}

/** Both ends belong to the period (RFC 5280 4.1.2.5). */
export function validityAt(notBefore: string, notAfter: string, at: string): Validity {
  const [start, end, now] = [Date.parse(notBefore), Date.parse(notAfter), Date.parse(at)];
  const share = end > start ? (now - start) / (end - start) : 1;
  return {
    phase: now < start ? 'before' : now > end ? 'after' : 'within',
    share: Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)),
    daysLeft: Math.floor((end - now) / kDayMs),
  };
}
