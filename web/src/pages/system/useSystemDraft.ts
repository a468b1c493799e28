/* The life of an unfinished form: loaded, changed, kept in the browser, saved, rebased. */
import { useEffect, useRef, useState } from 'react';
import { useRequestKey, type RequestKey } from '../../components/useRequestKey';
import type { Draft } from './draft';
import { dropDraft, keepDraft, keptDraft, type Kept } from './draftStore';

const PAUSE_MS = 600;

export interface DraftState {
  draft: Draft;
  /* What was loaded, for edits; null for a new system. */
  base: Draft | null;
  etag: string | null;
  keys: RequestKey;
  savedAt: string | null;
  restoredFrom: string | null;
  change(part: Partial<Draft>): void;
  rebase(draft: Draft, base: Draft, etag: string): void;
  drop(): void;
}

export function useSystemDraft(
  account: string, id: string, start: Draft, base: Draft | null, etag: string | null,
): DraftState {
  const [kept] = useState(() => keptDraft(account, id));
  const [state, setState] = useState<Omit<Kept, 'savedAt' | 'id'>>(() => kept ?? {
    draft: start, base, etag,
  });
  const [savedAt, setSavedAt] = useState<string | null>(kept?.savedAt ?? null);
  const touched = useRef(false);
  const keys = useRequestKey(kept?.keys, (all) => {
    setState((now) => ({ ...now, keys: all }));
    keepDraft(account, { ...state, keys: all, id, savedAt: new Date().toISOString() });
  });

  useEffect(() => {
    if (!touched.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      const now = new Date().toISOString();
      if (touched.current && keepDraft(account, { ...state, id, savedAt: now })) {
        setSavedAt(now);
      }
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [account, id, state]);

  return {
    ...state,
    keys,
    savedAt,
    restoredFrom: kept?.savedAt ?? null,
    change(part) {
      touched.current = true;
      setState((now) => ({ ...now, draft: { ...now.draft, ...part } }));
    },
    rebase(draft, nextBase, nextEtag) {
      touched.current = true;
      setState((now) => ({ ...now, draft, base: nextBase, etag: nextEtag }));
    },
    drop() {
      touched.current = false;
      dropDraft(account, id);
    },
  };
}
