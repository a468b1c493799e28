/* Dates and numbers as they are written here: 26/11/2026, 1.234. Pure; the language is a parameter. */
import type { Language } from './language';

const LOCALES: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };
const ZONE = 'Asia/Ho_Chi_Minh';

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language]).format(value);
}

/* A calendar date, no time zone involved: 2026-11-26 -> 26/11/2026. Of a moment, its date in Vietnam. */
export function formatDate(iso: string): string {
  const [year, month, day] = (iso.includes('T') ? localDate(new Date(iso)) : iso).split('-');
  return `${day}/${month}/${year}`;
}

export function formatTime(iso: string | Date, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    hour: '2-digit', minute: '2-digit', hour12: false, timeZone: ZONE,
  }).format(new Date(iso));
}

export function formatMoment(iso: string, language: Language): string {
  return `${formatDate(localDate(new Date(iso)))} ${formatTime(iso, language)}`;
}

/* To the second, as a log needs it. */
export function formatExact(iso: string, language: Language): string {
  const time = new Intl.DateTimeFormat(LOCALES[language], {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: ZONE,
  }).format(new Date(iso));
  return `${formatDate(localDate(new Date(iso)))} ${time}`;
}

/* The first moment, in Vietnam, of the day so many days ago, as the API takes times. */
export function startOfDay(daysAgo: number, now = new Date()): string {
  return `${localDate(new Date(now.getTime() - daysAgo * 86_400_000))}T00:00:00+07:00`;
}

/* The date in Vietnam at this moment, as 2026-11-26. */
export function localDate(moment: Date): string {
  return new Intl.DateTimeFormat('en-CA', {
    year: 'numeric', month: '2-digit', day: '2-digit', timeZone: ZONE,
  }).format(moment);
}

/* What a person types, 26/11/2026 or 2026-11-26, as an ISO date; null when it is no date. */
export function parseDate(text: string): string | null {
  const trimmed = text.trim();
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(trimmed);
  const iso = local
    ? `${local[3]}-${local[2]!.padStart(2, '0')}-${local[1]!.padStart(2, '0')}`
    : trimmed;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) {
    return null;
  }
  const time = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso) {
    return null;
  }
  return iso;
}

/* Monday to Friday between two dates, the first not counted; negative when `to` lies before `from`.
 * Public holidays are not known here: the due date itself comes from the server, which knows them. */
export function workingDaysBetween(from: string, to: string): number {
  const day = 86_400_000;
  const start = Date.parse(`${from}T00:00:00Z`);
  const end = Date.parse(`${to}T00:00:00Z`);
  const step = end >= start ? day : -day;
  let count = 0;
  for (let at = start; at !== end; at += step) {
    const weekday = new Date(step > 0 ? at + step : at).getUTCDay();
    if (weekday !== 0 && weekday !== 6) {
      count += step > 0 ? 1 : -1;
    }
  }
  return count;
}
