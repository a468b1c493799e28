/* Saving the form: checks, the request with its key or version, and what to do on a conflict. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, tagged, type Tagged } from '../../api/client';
import { systemQuery } from '../../api/queries';
import type { Ruleset } from '../../api/ruleset';
import type { System } from '../../api/types';
import type { Difference } from '../../components/ConflictDialog';
import { failureOfFields, type Failure } from '../../components/ErrorSummary';
import { useSubmission } from '../../components/useSubmission';
import { useWords, type Words } from '../../i18n';
import { conflictingFields, draftOf, rebase, toChange, toNew, type Draft } from './draft';
import { useFieldTexts } from './fieldTexts';
import type { DraftState } from './useSystemDraft';

function missing(draft: Draft, isNew: boolean, words: Words): Failure | null {
  const { t } = words;
  const fields = [
    draft.name.trim() === '' && { pointer: '/name', message: t.system.needName },
    isNew && draft.operator === null && { pointer: '/operator_id', message: t.system.needOperator },
    isNew && draft.governing === null && { pointer: '/governing_id', message: t.system.needGoverning },
  ].filter((field) => field !== false);
  return fields.length === 0 ? null : failureOfFields(fields, words);
}

export interface SystemSave {
  busy: boolean;
  failure: Failure | null;
  differences: Difference[] | null;
  submit(): Promise<void>;
  resolve(taken: Set<string>): void;
  closeConflict(): void;
}

export function useSystemSave(id: string | null, state: DraftState, rulesets: Ruleset[]): SystemSave {
  const words = useWords();
  const texts = useFieldTexts(rulesets);
  const navigate = useNavigate();
  const client = useQueryClient();
  const submission = useSubmission(state.keys);
  const [theirs, setTheirs] = useState<Tagged<System> | null>(null);

  async function send(draft: Draft, base: Draft | null, etag: string | null) {
    const body = toNew(draft, rulesets);
    const sent = await submission.send(body, async (key) => {
      const saved = id === null || base === null
        ? await tagged(api.POST('/api/v1/systems', { params: { header: { 'Idempotency-Key': key } }, body }))
        : await tagged(api.PATCH('/api/v1/systems/{id}', {
          params: { path: { id }, header: { 'If-Match': etag ?? '' } },
          body: toChange(draft, base, rulesets),
        }));
      state.drop();
      client.setQueryData(systemQuery(saved.data.id).queryKey, saved);
      return saved.data.id;
    }, id === null ? undefined : async () => {
      setTheirs(await client.fetchQuery({ ...systemQuery(id), staleTime: 0 }));
    });
    if (sent !== null) {
      await navigate(`/he-thong/${sent.data}`, { state: { said: id === null ? 'registered' : 'changed' } });
    }
  }

  async function submit() {
    const wrong = missing(state.draft, id === null, words);
    if (wrong !== null) {
      submission.fail(wrong);
      return;
    }
    await send(state.draft, state.base, state.etag);
  }

  function differences(): Difference[] | null {
    if (theirs === null || state.base === null) {
      return null;
    }
    const present = draftOf(theirs.data);
    return conflictingFields(state.draft, state.base, present, rulesets).map((field) => ({
      key: field,
      label: texts.label(field),
      mine: texts.value(field, state.draft),
      theirs: texts.value(field, present),
    }));
  }

  function resolve(taken: Set<string>) {
    if (theirs === null || state.base === null) {
      return;
    }
    const present = draftOf(theirs.data);
    const draft = rebase(state.draft, state.base, present, taken, rulesets);
    state.rebase(draft, present, theirs.etag);
    setTheirs(null);
    void send(draft, present, theirs.etag);
  }

  return {
    busy: submission.busy, failure: submission.failure, differences: differences(), submit, resolve, closeConflict: () => setTheirs(null),
  };
}
