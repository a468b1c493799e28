/* Recording a change: what it is, what would move, and the second question. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, body, type Tagged } from '../../api/client';
import { organisationQuery, useMay } from '../../api/queries';
import type { Organisation, OrganisationRecorded } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { AskThenSend } from '../../components/AskThenSend';
import { ErrorSummary, type FieldError } from '../../components/ErrorSummary';
import { DateField, SelectField, TextField } from '../../components/Fields';
import { Gate } from '../../components/Gate';
import { PageTitle } from '../../components/PageTitle';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { emptyDraft, requestOf, type ChangeDraft, type ChangeKind } from './change';
import { ChangeFields } from './ChangeFields';
import { Moved } from './OrganisationHistory';

export function OrganisationChangePage() {
  const { id = '' } = useParams();
  const may = useMay();
  const query = useQuery(organisationQuery(id));
  if (!may('organisation.admin')) {
    return <ForbiddenPage right="organisation.admin" />;
  }
  return <Gate query={query}>{(loaded) => <ChangeForm key={id} loaded={loaded} />}</Gate>;
}

const KINDS: ChangeKind[] = ['renamed', 'moved', 'code_changed', 'merged', 'dissolved', 'split'];

function missing(draft: ChangeDraft, t: ReturnType<typeof useWords>['t']): FieldError[] {
  const need = (bad: boolean, pointer: string, label: string) => bad && { pointer, message: t.common.required(label) };
  return [
    need(draft.effective_on === null, '/effective_on', t.organisationChange.effectiveOn),
    need(draft.document_number.trim() === '', '/document_number', t.organisationChange.document),
    need(draft.kind === 'renamed' && draft.name.trim() === '', '/name', t.organisationChange.newName),
    need(draft.kind === 'code_changed' && draft.code.trim() === '', '/code', t.organisationChange.newCode),
    ...(draft.kind === 'merged' ? draft.merged.map((id, index) =>
      need(id === null, `/merged/${index}/organisation_id`, t.organisationChange.mergedOne(index + 1))) : []),
    ...(draft.kind === 'split' ? draft.receivers.map((receiver, index) =>
      need(receiver.organisation_id === null, `/successors/${index}/organisation_id`, t.organisationChange.receiver(index + 1))) : []),
  ].filter((field) => field !== false);
}

function ChangeForm({ loaded }: { loaded: Tagged<Organisation> }) {
  const { t, date } = useWords();
  const navigate = useNavigate();
  const submission = useSubmission();
  const { at, failure } = submission;
  const organisation = loaded.data;
  const ended = organisation.status === 'dissolved';
  const [draft, setDraft] = useState(() => emptyDraft(ended ? 'restored' : 'renamed', organisation.name, organisation.parent_id));
  const [trial, setTrial] = useState<OrganisationRecorded | null>(null);
  const change = (part: Partial<ChangeDraft>) => setDraft({ ...draft, ...part });

  async function send(dryRun: boolean) {
    const request = requestOf(draft);
    const sent = await submission.send({ dryRun, request }, (key) => body(api.POST('/api/v1/organisations/{id}/changes', {
      params: {
        path: { id: organisation.id }, query: dryRun ? { mode: 'dry_run' } : {},
        header: { 'If-Match': loaded.etag, 'Idempotency-Key': key },
      },
      body: request,
    })));
    if (sent === null || dryRun) {
      setTrial(sent?.data ?? null);
    } else {
      await navigate(`/to-chuc/${organisation.id}`, { state: { said: 'changed' } });
    }
  }

  function preview(event: FormEvent) {
    if (submission.accepts(event, missing(draft, t))) {
      void send(true);
    }
  }

  const kindName = t.organisationChange.kinds[draft.kind] ?? draft.kind;
  const kinds = ended ? (['restored'] as ChangeKind[]) : KINDS;
  return (
    <div className="stack-l measure">
      <PageTitle title={t.organisationChange.title(organisation.name)} />
      <AskThenSend framed asking={trial !== null} question={t.organisationChange.ask} yes={t.organisationChange.confirm}
        busy={submission.busy} onYes={() => void send(false)} onBack={() => setTrial(null)}
        consequence={trial !== null && (
          <>
            <p className="strong">{t.organisationChange.consequence(kindName, date(draft.effective_on), draft.document_number)}</p>
            <Consequence draft={draft} trial={trial} />
          </>
        )}>
        <form className="stack-l" noValidate onSubmit={preview}>
          <p className="muted">{t.organisationChange.intro}</p>
          <ErrorSummary failure={failure} />
          <SelectField pointer="/kind" label={t.organisationChange.kind} hint={t.organisationChange.hints[draft.kind]}
            choices={kinds.map((kind) => ({ value: kind, label: t.organisationChange.kinds[kind] ?? kind }))}
            value={draft.kind} error={at('/kind')} onChange={(kind) => {
              submission.fail(null);
              change({ kind: kind as ChangeKind });
            }} />
          <ChangeFields organisation={organisation} draft={draft} failure={failure} onChange={change} />
          <div className="row-top">
            <DateField pointer="/effective_on" label={t.organisationChange.effectiveOn} hint={t.organisationChange.effectiveHint}
              value={draft.effective_on} error={at('/effective_on')}
              onChange={(effective_on) => change({ effective_on })} />
            <TextField pointer="/document_number" label={t.organisationChange.document} hint={t.organisationChange.documentHint}
              maxLength={200} value={draft.document_number} error={at('/document_number')}
              onChange={(document_number) => change({ document_number })} />
          </div>
          <TextField pointer="/note" label={t.organisationChange.note} optional rows={2} maxLength={1000} value={draft.note}
            error={at('/note')} onChange={(note) => change({ note })} />
          <div><Button type="submit" loading={submission.busy}>{t.organisationChange.preview}</Button></div>
        </form>
      </AskThenSend>
    </div>
  );
}

/* What the trial found. */
function Consequence({ draft, trial }: { draft: ChangeDraft; trial: OrganisationRecorded }) {
  const { t } = useWords();
  const moves = Object.values(trial.moved).some((count) => count > 0);
  return (
    <>
      {draft.kind === 'renamed' && <p>{t.organisationHistory.to}: {draft.name}</p>}
      <Sides draft={draft} />
      {draft.kind === 'code_changed' && <p>{t.organisationHistory.to}: <span className="code">{draft.code}</span></p>}
      {moves ? <Moved moved={trial.moved} title={t.organisationChange.previewTitle} /> : <p>{t.organisationChange.previewNothing}</p>}
      <p>{t.organisationChange.forGood}</p>
    </>
  );
}

/* The other organisations that the change names. */
function Sides({ draft }: { draft: ChangeDraft }) {
  const { t } = useWords();
  const ids = {
    merged: draft.merged, dissolved: [draft.successor_id], moved: [draft.parent_id],
    split: draft.receivers.map((receiver) => receiver.organisation_id),
  }[draft.kind as string] ?? [];
  const title = {
    merged: t.organisationHistory.part['merged subject'], dissolved: t.organisationChange.successor,
    moved: t.organisationChange.newParent, split: t.organisationHistory.part['split subject'],
  }[draft.kind as string];
  const named = ids.filter((id) => id !== null);
  return named.length === 0 ? null : (
    <div>
      <p>{title}:</p>
      <ul className="plain">{named.map((id) => <li key={id} className="strong"><NameOf id={id} /></li>)}</ul>
    </div>
  );
}

function NameOf({ id }: { id: string }) {
  return <>{useQuery(organisationQuery(id)).data?.data.name ?? '…'}</>;
}
