/* One step of a dossier: the key is made when the page opens and kept across retries. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, newKey, tagged, type Tagged } from '../../api/client';
import { statusOf } from '../../api/problem';
import { dossierQuery, useRefresh } from '../../api/queries';
import type { Dossier, DossierTransition } from '../../api/types';
import { failureOf, type Failure } from '../../components/ErrorSummary';
import { useWords } from '../../i18n';

export interface Taking {
  busy: boolean;
  failure: Failure | null;
  fail(failure: Failure | null): void;
  /* True when the step was taken. */
  take(change: DossierTransition): Promise<boolean>;
}

export function useTransition(loaded: Tagged<Dossier>): Taking {
  const words = useWords();
  const client = useQueryClient();
  const refresh = useRefresh();
  const [keys] = useState(() => new Map<string, string>());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const id = loaded.data.id;

  /* Another content is another request: the server refuses an old key for it. */
  function keyOf(change: DossierTransition): string {
    const content = JSON.stringify(change);
    const key = keys.get(content) ?? newKey();
    keys.set(content, key);
    return key;
  }

  async function take(change: DossierTransition): Promise<boolean> {
    setBusy(true);
    setFailure(null);
    try {
      const next = await tagged(api.POST('/api/v1/dossiers/{id}/transitions', {
        params: { path: { id }, header: { 'If-Match': loaded.etag, 'Idempotency-Key': keyOf(change) } },
        body: change,
      }));
      client.setQueryData(dossierQuery(id).queryKey, next);
      await refresh();
      return true;
    } catch (error) {
      const said = failureOf(error, words);
      if (statusOf(error) === 412) {
        // what is shown is no longer what it is: show it as it is now and let the person look again
        keys.clear();
        await refresh();
        setFailure({ ...said, title: `${words.t.conflict.title}. ${said.title}` });
      } else {
        setFailure(said);
      }
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { busy, failure, fail: setFailure, take };
}
