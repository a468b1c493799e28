/* One step of a dossier. */
import { useQueryClient } from '@tanstack/react-query';
import { api, tagged, type Tagged } from '../../api/client';
import { dossierQuery } from '../../api/queries';
import type { Dossier, DossierTransition } from '../../api/types';
import { useSubmission, type Submission } from '../../components/useSubmission';

export interface Taking extends Submission {
  /* True when the step was taken. */
  take(change: DossierTransition): Promise<boolean>;
}

export function useTransition(loaded: Tagged<Dossier>): Taking {
  const client = useQueryClient();
  const submission = useSubmission();
  const id = loaded.data.id;

  async function take(change: DossierTransition): Promise<boolean> {
    return await submission.send(change, async (key) => {
      const next = await tagged(api.POST('/api/v1/dossiers/{id}/transitions', {
        params: { path: { id }, header: { 'If-Match': loaded.etag, 'Idempotency-Key': key } }, body: change,
      }));
      client.setQueryData(dossierQuery(id).queryKey, next);
    }) !== null;
  }

  return { ...submission, take };
}
