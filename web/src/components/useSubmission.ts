/* What a form sends: checked first, under the right key, once at a time; what the server refuses stands
 * beside the fields, and what is shown is read anew when it was older than the server's. */
import { useState, type FormEvent } from 'react';
import { statusOf } from '../api/problem';
import { useRefresh } from '../api/queries';
import { useWords } from '../i18n';
import { errorAt, failureOf, failureOfFields, type Failure, type FieldError } from './ErrorSummary';
import { badDates } from './Fields';
import { useRequestKey, type RequestKey } from './useRequestKey';

export interface Submission {
  busy: boolean;
  failure: Failure | null;
  fail(failure: Failure | null): void;
  at(pointer: string): string | undefined;
  /* False, and said: something is missing, or a date of the form is none. */
  accepts(event: FormEvent, missing: (FieldError | false)[]): boolean;
  /* The answer, after all that may have changed was read anew; null when it was refused. onNewer: what is
   * done instead of saying so when somebody else has changed the thing meanwhile. */
  send<T>(content: unknown, post: (key: string) => Promise<T>, onNewer?: () => Promise<void>): Promise<{ data: T } | null>;
}

export function useSubmission(given?: RequestKey): Submission {
  const words = useWords();
  const { t } = words;
  const refresh = useRefresh();
  const own = useRequestKey();
  const { keyFor, spent } = given ?? own;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function refused(error: unknown, onNewer?: () => Promise<void>) {
    const newer = statusOf(error) === 412;
    if (newer && onNewer !== undefined) {
      await onNewer();
      return;
    }
    if (newer || statusOf(error) === 409) {
      await refresh();
    }
    const said = failureOf(error, words);
    setFailure(newer ? { ...said, title: `${t.conflict.title}. ${t.conflict.again}` } : said);
  }

  return {
    busy,
    failure,
    fail: setFailure,
    at: (pointer) => errorAt(failure, pointer),
    accepts(event, missing) {
      event.preventDefault();
      const bad = badDates(event.currentTarget);
      const fields = missing.filter((field) => field !== false)
        .filter((field) => !bad.some((date) => date.pointer === field.pointer)).concat(bad);
      setFailure(fields.length === 0 ? null : failureOfFields(fields, words));
      return fields.length === 0;
    },
    async send(content, post, onNewer) {
      setBusy(true);
      setFailure(null);
      try {
        const data = await post(keyFor(content));
        spent();
        await refresh();
        return { data };
      } catch (error) {
        await refused(error, onNewer).catch((later: unknown) => setFailure(failureOf(later, words)));
        return null;
      } finally {
        setBusy(false);
      }
    },
  };
}
