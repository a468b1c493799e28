/* Unfinished forms, kept in this browser per account. */
import type { Keys } from '../../components/useRequestKey';
import type { Draft } from './draft';

export interface Kept {
  id: string;
  draft: Draft;
  base: Draft | null;
  etag: string | null;
  /* The keys under which it was sent, so that a reload sends nothing twice. */
  keys?: Keys;
  savedAt: string;
}

const PREFIX = 'capdo.draft.system.';

function name(account: string, id: string): string {
  return `${PREFIX}${account}.${id}`;
}

export function keepDraft(account: string, kept: Kept): boolean {
  try {
    localStorage.setItem(name(account, kept.id), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function keptDraft(account: string, id: string): Kept | null {
  try {
    const text = localStorage.getItem(name(account, id));
    return text === null ? null : JSON.parse(text) as Kept;
  } catch {
    return null;
  }
}

export function dropDraft(account: string, id: string): void {
  try {
    localStorage.removeItem(name(account, id));
  } catch {
    // nothing was kept
  }
}

export function keptDrafts(account: string): Kept[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(`${PREFIX}${account}.`))
      .flatMap((key) => keptDraft(account, key.slice(`${PREFIX}${account}.`.length)) ?? []);
  } catch {
    return [];
  }
}
