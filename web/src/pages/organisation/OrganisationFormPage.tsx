import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, tagged, type Tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { organisationQuery, useCodes, useLabels, useMay } from '../../api/queries';
import type { Organisation, OrganisationChange, OrganisationNew } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ConflictDialog, type Difference } from '../../components/ConflictDialog';
import { ErrorSummary, errorAt, type Failure } from '../../components/ErrorSummary';
import { DateField, SelectField, TextField } from '../../components/Fields';
import { Gate } from '../../components/Gate';
import { PageTitle } from '../../components/PageTitle';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { OrganisationPicker } from './OrganisationPicker';

type Draft = Required<OrganisationNew>;

const EMPTY: Draft = {
  code: '', code_scheme: '2020', name: '', kind: 'department', parent_id: null, valid_from: null,
  mandate_document: '', representative: '', representative_title: '', address: '', phone: '', email: '',
};

function draftOf(organisation: Organisation): Draft {
  return Object.fromEntries(
    (Object.keys(EMPTY) as (keyof Draft)[]).map((name) => [name, organisation[name]]),
  ) as unknown as Draft;
}

function changes(draft: Draft, base: Draft): OrganisationChange {
  return Object.fromEntries(Object.entries(draft)
    .filter(([name, value]) => value !== base[name as keyof Draft])) as OrganisationChange;
}

export function OrganisationNewPage() {
  const may = useMay();
  return may('organisation.admin') ? <OrganisationForm loaded={null} /> : <ForbiddenPage right="organisation.admin" />;
}

export function OrganisationEditPage() {
  const { id = '' } = useParams();
  const may = useMay();
  const query = useQuery(organisationQuery(id));
  if (!may('organisation.admin')) {
    return <ForbiddenPage right="organisation.admin" />;
  }
  return <Gate query={query}>{(loaded) => <OrganisationForm key={id} loaded={loaded} />}</Gate>;
}

function OrganisationForm({ loaded }: { loaded: Tagged<Organisation> | null }) {
  const { t } = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const submission = useSubmission();
  const [from, setFrom] = useState(loaded);
  const [draft, setDraft] = useState<Draft>(loaded === null ? EMPTY : draftOf(loaded.data));
  const [theirs, setTheirs] = useState<Tagged<Organisation> | null>(null);

  async function send(next: Draft, base: Tagged<Organisation> | null) {
    const sent = await submission.send(next, (key) => base === null
      ? tagged(api.POST('/api/v1/organisations', { params: { header: { 'Idempotency-Key': key } }, body: next }))
      : tagged(api.PATCH('/api/v1/organisations/{id}', {
        params: { path: { id: base.data.id }, header: { 'If-Match': base.etag } },
        body: changes(next, draftOf(base.data)),
      })), base === null ? undefined : async () => {
      setTheirs(await client.fetchQuery({ ...organisationQuery(base.data.id), staleTime: 0 }));
    });
    if (sent !== null) {
      client.setQueryData(organisationQuery(sent.data.data.id).queryKey, sent.data);
      await navigate(`/to-chuc/${sent.data.data.id}`);
    }
  }

  function submit(event: FormEvent) {
    const accepted = submission.accepts(event, [
      from === null && draft.name.trim() === '' && { pointer: '/name', message: t.organisation.needName },
      from === null && draft.code.trim() === '' && { pointer: '/code', message: t.organisation.needCode },
    ]);
    if (accepted) {
      void send(draft, from);
    }
  }

  function resolve(taken: Set<string>) {
    if (theirs === null || from === null) {
      return;
    }
    const mine = Object.fromEntries(Object.entries(changes(draft, draftOf(from.data)))
      .filter(([name]) => !taken.has(name)));
    const next = { ...draftOf(theirs.data), ...mine };
    setDraft(next);
    setFrom(theirs);
    setTheirs(null);
    void send(next, theirs);
  }

  function differences(): Difference[] | null {
    if (theirs === null || from === null) {
      return null;
    }
    const present = draftOf(theirs.data);
    const theirChanges = changes(present, draftOf(from.data));
    return Object.entries(changes(draft, draftOf(from.data)))
      .filter(([name, value]) => name in theirChanges && present[name as keyof Draft] !== value)
      .map(([name, value]) => ({
        key: name, label: fieldName(name, t), mine: String(value ?? ''), theirs: String(present[name as keyof Draft] ?? ''),
      }));
  }

  return (
    <form className="stack-l measure" noValidate onSubmit={submit}>
      <PageTitle title={loaded === null ? t.organisation.newTitle : t.organisation.editTitle(loaded.data.name)} />
      <ErrorSummary failure={submission.failure} />
      <OrganisationFields isNew={loaded === null} draft={draft} failure={submission.failure}
        onChange={(part) => setDraft({ ...draft, ...part })} />
      <div><Button type="submit" loading={submission.busy}>{loaded === null ? t.organisation.saveNew : t.common.save}</Button></div>
      <ConflictDialog differences={differences()} onClose={() => setTheirs(null)} onResolve={resolve} />
    </form>
  );
}

function fieldName(name: string, t: ReturnType<typeof useWords>['t']): string {
  const names: Record<string, string> = {
    kind: t.organisation.kind, mandate_document: t.organisation.mandate, representative: t.organisation.representative,
    representative_title: t.organisation.representativeTitle, address: t.organisation.address,
    phone: t.organisation.phone, email: t.organisation.email,
  };
  return names[name] ?? name;
}

interface FieldsProps {
  isNew: boolean;
  draft: Draft;
  failure: Failure | null;
  onChange(part: Partial<Draft>): void;
}

function OrganisationFields({ isNew, draft, failure, onChange }: FieldsProps) {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  const text = (name: 'mandate_document' | 'representative' | 'representative_title' | 'address' | 'phone' | 'email', max: number) => (
    <TextField pointer={`/${name}`} label={fieldName(name, t)} optional value={draft[name]} maxLength={max}
      error={errorAt(failure, `/${name}`)} onChange={(value) => onChange({ [name]: value })} />
  );
  return (
    <>
      {isNew && (
        <>
          <TextField pointer="/name" label={t.organisation.name} value={draft.name} maxLength={300}
            error={errorAt(failure, '/name')} onChange={(name) => onChange({ name })} />
          <div className="row-top">
            <TextField pointer="/code" label={t.organisation.code} hint={t.organisation.codeHint} value={draft.code}
              maxLength={40} error={errorAt(failure, '/code')} onChange={(code) => onChange({ code })} />
            <SelectField pointer="/code_scheme" label={t.organisation.codeScheme} value={draft.code_scheme}
              choices={coded(GROUPS.organisationCodeScheme)} error={errorAt(failure, '/code_scheme')}
              onChange={(scheme) => onChange({ code_scheme: scheme as Draft['code_scheme'] })} />
          </div>
        </>
      )}
      <SelectField pointer="/kind" label={t.organisation.kind} choices={coded(GROUPS.organisationKind)} value={draft.kind}
        error={errorAt(failure, '/kind')} onChange={(kind) => onChange({ kind: kind as Draft['kind'] })} />
      {isNew && (
        <>
          <OrganisationPicker pointer="/parent_id" label={t.organisation.parent} optional id={draft.parent_id}
            error={errorAt(failure, '/parent_id')} onChange={(parent_id) => onChange({ parent_id })} />
          <DateField pointer="/valid_from" label={t.organisation.validFrom} optional value={draft.valid_from}
            error={errorAt(failure, '/valid_from')} onChange={(valid_from) => onChange({ valid_from })} />
        </>
      )}
      {text('mandate_document', 300)}
      {text('representative', 200)}
      {text('representative_title', 200)}
      {text('address', 300)}
      {text('phone', 60)}
      {text('email', 200)}
    </>
  );
}
