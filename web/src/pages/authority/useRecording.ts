/* One POST of a form: its key is kept across retries, its problems stand beside the fields. */
import { useState } from 'react';
import { newKey } from '../../api/client';
import { useRefresh } from '../../api/queries';
import { failureOf, type Failure } from '../../components/ErrorSummary';
import { useWords } from '../../i18n';

export interface Recording {
  busy: boolean;
  failure: Failure | null;
  fail(failure: Failure | null): void;
  send(post: (key: string) => Promise<unknown>): Promise<boolean>;
}

export function useRecording(): Recording {
  const words = useWords();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [key, setKey] = useState(newKey);

  async function send(post: (key: string) => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    try {
      await post(key);
      await refresh();
      return true;
    } catch (error) {
      setFailure(failureOf(error, words));
      /* A body that was refused is mended: it is another request. */
      setKey(newKey());
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { busy, failure, fail: setFailure, send };
}
