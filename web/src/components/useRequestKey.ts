/* The Idempotency-Key of what a form sends. The same content keeps its key, so that the server does the
 * work once however often it is sent; changed content is another request and gets a key of its own. */
import { useState } from 'react';
import { newKey } from '../api/client';

export interface RequestKey {
  /* Everything that tells one request from another: the body and what stands in the address. */
  keyFor(content: unknown): string;
  /* After success: sent again, it is another request. */
  spent(): void;
}

export type Keys = Record<string, string>;

/* kept, keep: for a form that outlives the page; keep gets all keys before the first use of a new one. */
export function useRequestKey(kept: Keys = {}, keep?: (keys: Keys) => void): RequestKey {
  const [keys] = useState(() => new Map(Object.entries(kept)));
  return {
    keyFor(content) {
      const text = JSON.stringify(content);
      const key = keys.get(text) ?? newKey();
      if (!keys.has(text)) {
        keys.set(text, key);
        keep?.(Object.fromEntries(keys));
      }
      return key;
    },
    spent: () => keys.clear(),
  };
}
