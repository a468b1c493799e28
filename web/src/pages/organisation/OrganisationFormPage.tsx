import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, newKey, tagged, type Tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { statusOf } from '../../api/problem';
import { organisationQuery, useCodes, useLabels, useMay, useRefresh } from '../../api/queries';
import type { Organisation, OrganisationNew } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ConflictDialog, type Difference } from '../../components/ConflictDialog';
import { ErrorSummary, errorAt, failureOf, type Failure, type FieldError } from '../../components/ErrorSummary';
import { DateField, SelectField, TextField } from '../../components/Fields';
import { Gate } from '../../components/Gate';
import { PageTitle } from '../../components/PageTitle';
import { Picker } from '../../components/Picker';
import { useWords } from '../../i18n';

type Draft = Required<OrganisationNew>;

const EMPTY: Draft = {
  code: '', name: '', kind: 'department', parent_id: null, status: 'active', successor_id: null, valid_from: null,
  valid_to: null, mandate_document: '', representative: '', representative_title: '', address: '', phone: '', email: '',
};

function draftOf(organisation: Organisation): Draft {
  return Object.fromEntries(
    (Object.keys(EMPTY) as (keyof Draft)[]).map((name) => [name, organisation[name]]),
  ) as unknown as Draft;
}

function changes(draft: Draft, base: Draft): Partial<Draft> {
  return Object.fromEntries(Object.entries(draft)
    .filter(([name, value]) => value !== base[name as keyof Draft])) as Partial<Draft>;
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
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [key] = useState(newKey);
  const [from, setFrom] = useState(loaded);
  const [draft, setDraft] = useState<Draft>(loaded === null ? EMPTY : draftOf(loaded.data));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [theirs, setTheirs] = useState<Tagged<Organisation> | null>(null);

  async function send(next: Draft, base: Tagged<Organisation> | null) {
    setBusy(true);
    setFailure(null);
    try {
      const saved = base === null
        ? await tagged(api.POST('/api/v1/organisations', { params: { header: { 'Idempotency-Key': key } }, body: next }))
        : await tagged(api.PATCH('/api/v1/organisations/{id}', {
          params: { path: { id: base.data.id }, header: { 'If-Match': base.etag } },
          body: changes(next, draftOf(base.data)),
        }));
      client.setQueryData(organisationQuery(saved.data.id).queryKey, saved);
      await refresh();
      await navigate(`/to-chuc/${saved.data.id}`);
    } catch (error) {
      if (statusOf(error) === 412 && base !== null) {
        setTheirs(await client.fetchQuery({ ...organisationQuery(base.data.id), staleTime: 0 }));
      } else {
        setFailure(failureOf(error, words));
      }
    } finally {
      setBusy(false);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const fields: FieldError[] = [
      draft.name.trim() === '' && { pointer: '/name', message: t.organisation.needName },
      draft.code.trim() === '' && { pointer: '/code', message: t.organisation.needCode },
    ].filter((field) => field !== false);
    setFailure(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    if (fields.length === 0) {
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
      <ErrorSummary failure={failure} />
      <OrganisationFields isNew={loaded === null} draft={draft} failure={failure}
        onChange={(part) => setDraft({ ...draft, ...part })} />
      <div><Button type="submit" loading={busy}>{loaded === null ? t.organisation.saveNew : t.common.save}</Button></div>
      <ConflictDialog differences={differences()} onClose={() => setTheirs(null)} onResolve={resolve} />
    </form>
  );
}

function fieldName(name: string, t: ReturnType<typeof useWords>['t']): string {
  const names: Record<string, string> = {
    name: t.organisation.name, kind: t.organisation.kind, status: t.organisation.status,
    mandate_document: t.organisation.mandate, representative: t.organisation.representative,
    representative_title: t.organisation.representativeTitle, address: t.organisation.address,
    phone: t.organisation.phone, email: t.organisation.email, valid_from: t.organisation.validFrom,
    valid_to: t.organisation.validTo, parent_id: t.organisation.parent, successor_id: t.organisation.successor,
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
      <TextField pointer="/name" label={t.organisation.name} value={draft.name} maxLength={300}
        error={errorAt(failure, '/name')} onChange={(name) => onChange({ name })} />
      {isNew && (
        <TextField pointer="/code" label={t.organisation.code} hint={t.organisation.codeHint} value={draft.code} maxLength={40}
          error={errorAt(failure, '/code')} onChange={(code) => onChange({ code })} />
      )}
      <SelectField pointer="/kind" label={t.organisation.kind} choices={coded(GROUPS.organisationKind)} value={draft.kind}
        error={errorAt(failure, '/kind')} onChange={(kind) => onChange({ kind: kind as Draft['kind'] })} />
      <Related pointer="/parent_id" label={t.organisation.parent} id={draft.parent_id} failure={failure}
        onChange={(parent_id) => onChange({ parent_id })} />
      <SelectField pointer="/status" label={t.organisation.status} choices={coded(GROUPS.organisationStatus)}
        value={draft.status} error={errorAt(failure, '/status')}
        onChange={(status) => onChange({ status: status as Draft['status'] })} />
      {draft.status === 'dissolved' && (
        <Related pointer="/successor_id" label={t.organisation.successor} id={draft.successor_id} failure={failure}
          onChange={(successor_id) => onChange({ successor_id })} />
      )}
      <div className="row-top">
        <DateField pointer="/valid_from" label={t.organisation.validFrom} optional value={draft.valid_from}
          error={errorAt(failure, '/valid_from')} onChange={(valid_from) => onChange({ valid_from })} />
        <DateField pointer="/valid_to" label={t.organisation.validTo} optional value={draft.valid_to}
          error={errorAt(failure, '/valid_to')} onChange={(valid_to) => onChange({ valid_to })} />
      </div>
      {text('mandate_document', 300)}
      {text('representative', 200)}
      {text('representative_title', 200)}
      {text('address', 300)}
      {text('phone', 60)}
      {text('email', 200)}
    </>
  );
}

interface RelatedProps {
  pointer: string;
  label: string;
  id: string | null;
  failure: Failure | null;
  onChange(id: string | null): void;
}

function Related({ pointer, label, id, failure, onChange }: RelatedProps) {
  const name = useQuery(organisationQuery(id ?? '')).data?.data.name;
  return (
    <Picker path="/api/v1/organisations" pointer={pointer} label={label} optional error={errorAt(failure, pointer)}
      value={id === null ? null : { id, name: name ?? '…' }} onChange={(picked) => onChange(picked?.id ?? null)} />
  );
}
