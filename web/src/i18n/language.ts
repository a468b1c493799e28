/* The language chosen, kept in the browser; a small store so that code outside React can read it. */
import type { Dictionary } from './vi';
import { vi } from './vi';

export type Language = 'vi' | 'en';

const KEY = 'capdo.language';
const dictionaries: { vi: Dictionary; en?: Dictionary } = { vi };
const listeners = new Set<() => void>();
let current: Language = 'vi';

export function language(): Language {
  return current;
}

export function dictionary(): Dictionary {
  return dictionaries[current] ?? vi;
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/* English is fetched only by those who read it. */
export async function setLanguage(next: Language): Promise<void> {
  if (next === 'en' && dictionaries.en === undefined) {
    dictionaries.en = (await import('./en')).en;
  }
  current = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // a browser that keeps nothing still shows the page
  }
  for (const listener of listeners) {
    listener();
  }
}

export async function restoreLanguage(): Promise<void> {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    kept = null;
  }
  await setLanguage(kept === 'en' ? 'en' : 'vi');
}
