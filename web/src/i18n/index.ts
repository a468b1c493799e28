import { useSyncExternalStore } from 'react';
import { formatDate, formatExact, formatMoment, formatNumber, formatTime } from './format';
import { dictionary, language, onLanguage, type Language } from './language';
import type { Dictionary } from './vi';

export type { Dictionary, Language };

export interface Text {
  vi: string;
  en: string;
}

export interface Words {
  t: Dictionary;
  language: Language;
  /* The side of a two-language text to show. */
  text(value: Text): string;
  number(value: number): string;
  date(iso: string | null | undefined): string;
  moment(iso: string): string;
  exact(iso: string): string;
  time(iso: string | Date): string;
}

const NONE = '—';

export function wordsOf(current: Language): Words {
  return {
    t: dictionary(),
    language: current,
    text: (value) => value[current] || value.vi,
    number: (value) => formatNumber(value, current),
    date: (iso) => (iso ? formatDate(iso) : NONE),
    moment: (iso) => formatMoment(iso, current),
    exact: (iso) => formatExact(iso, current),
    time: (iso) => formatTime(iso, current),
  };
}

/* The words of the page; whoever calls it is drawn anew when the language changes. */
export function useWords(): Words {
  return wordsOf(useSyncExternalStore(onLanguage, language));
}
