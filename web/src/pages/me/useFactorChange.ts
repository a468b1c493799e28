/* One change of the factors at a time: what it said went wrong, and what is read anew afterwards. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { statusOf } from '../../api/problem';
import { factorsQuery, meQuery, sessionsQuery } from '../../api/queries';
import { errorAt, failureOf, type Failure } from '../../components/ErrorSummary';
import { useWords } from '../../i18n';
import { explainFactor } from '../session/SecondFactorForm';

export function useFactorChange() {
  const words = useWords();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function again() {
    await Promise.all([factorsQuery, sessionsQuery, meQuery].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
  }

  async function run(change: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setFailure(null);
    try {
      await change();
      await again();
      return true;
    } catch (error) {
      if (statusOf(error) === 412 || statusOf(error) === 409) {
        await again();
      }
      const failed = failureOf(error, words);
      setFailure(failed.fields.length > 0 ? failed : { title: explainFactor(error, words), fields: [], trace: null });
      return false;
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    run,
    clear: () => setFailure(null),
    problem: failure !== null && failure.fields.length === 0 ? failure.title : null,
    at: (pointer: string) => errorAt(failure, pointer),
  };
}
