import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, newKey, tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { systemQuery, useCodes, useLabels, useMay, useMe, useRefresh } from '../../api/queries';
import type { LabelNew, System } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ErrorSummary, errorAt, failureOf, type Failure, type FieldError } from '../../components/ErrorSummary';
import { RadioGroup, TextField } from '../../components/Fields';
import { Gate } from '../../components/Gate';
import { PageTitle } from '../../components/PageTitle';
import { Picker, type Picked } from '../../components/Picker';
import { useWords } from '../../i18n';

export function LabelNewPage() {
  const may = useMay();
  const [search] = useSearchParams();
  const id = search.get('system') ?? '';
  const system = useQuery({ ...systemQuery(id), enabled: id !== '' });
  if (!may('label.request')) {
    return <ForbiddenPage right="label.request" />;
  }
  return id === '' ? <NewForm system={null} /> : <Gate query={system}>{({ data }) => <NewForm system={data} />}</Gate>;
}

interface Draft {
  type: LabelNew['type'];
  target: string;
  grade: LabelNew['grade'];
  system: Picked | null;
  operator: Picked | null;
  governing: Picked | null;
  evidence_url: string;
}

function NewForm({ system }: { system: System | null }) {
  const words = useWords();
  const { t } = words;
  const me = useMe();
  const label = useLabels();
  const codes = useCodes();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [key] = useState(newKey);
  const domain = system?.addresses.find((address) => address.kind === 'domain')?.value;
  const [draft, setDraft] = useState<Draft>({
    type: system === null || domain !== undefined ? 'website' : 'system',
    target: domain ?? system?.name ?? '',
    grade: 'basic',
    system,
    operator: system?.operator ?? me?.capacities.find((one) => one.role === 'staff')?.organisation ?? null,
    governing: system?.governing ?? null,
    evidence_url: '',
  });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));

  async function submit(event: FormEvent) {
    event.preventDefault();
    const fields: FieldError[] = [
      draft.target.trim() === '' && { pointer: '/target', message: t.label.needTarget },
      draft.operator === null && { pointer: '/operator_id', message: t.label.needOperator },
      draft.governing === null && { pointer: '/governing_id', message: t.label.needGoverning },
    ].filter((field) => field !== false);
    setFailure(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    if (fields.length > 0 || draft.operator === null || draft.governing === null) {
      return;
    }
    setBusy(true);
    try {
      const made = await tagged(api.POST('/api/v1/labels', {
        params: { header: { 'Idempotency-Key': key } },
        body: {
          type: draft.type, target: draft.target.trim(), grade: draft.grade,
          system_id: draft.system?.id ?? null, operator_id: draft.operator.id, governing_id: draft.governing.id,
          evidence_url: draft.evidence_url.trim(),
        },
      }));
      await refresh();
      await navigate(`/nhan/${made.data.id}`, { state: { said: 'requested' } });
    } catch (error) {
      setFailure(failureOf(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="stack-l measure" noValidate onSubmit={(event) => void submit(event)}>
      <div className="stack">
        <PageTitle title={t.label.newTitle} />
        <p>{t.label.newLead}</p>
      </div>
      <ErrorSummary failure={failure} />
      <RadioGroup pointer="/type" legend={t.label.type} choices={coded(GROUPS.labelType)} inline value={draft.type}
        error={errorAt(failure, '/type')} onChange={(type) => change({ type: type as Draft['type'] })} />
      <TextField pointer="/target" label={t.label.target} hint={t.label.targetHint} value={draft.target} maxLength={253}
        error={errorAt(failure, '/target')} onChange={(target) => change({ target })} />
      <RadioGroup pointer="/grade" legend={t.label.grade} choices={coded(GROUPS.labelGrade)} inline value={draft.grade}
        error={errorAt(failure, '/grade')} onChange={(grade) => change({ grade: grade as Draft['grade'] })} />
      <Picker path="/api/v1/systems" pointer="/system_id" label={t.label.system} optional value={draft.system}
        error={errorAt(failure, '/system_id')} onChange={(next) => change({ system: next })} />
      <Picker path="/api/v1/organisations" pointer="/operator_id" label={t.common.operator} value={draft.operator}
        error={errorAt(failure, '/operator_id')} onChange={(operator) => change({ operator })} />
      <Picker path="/api/v1/organisations" pointer="/governing_id" label={t.common.governing} value={draft.governing}
        error={errorAt(failure, '/governing_id')} onChange={(governing) => change({ governing })} />
      <TextField pointer="/evidence_url" type="url" label={t.label.evidence} hint={t.label.evidenceHint} optional
        maxLength={500} value={draft.evidence_url} error={errorAt(failure, '/evidence_url')}
        onChange={(evidence_url) => change({ evidence_url })} />
      <div><Button type="submit" loading={busy}>{t.label.create}</Button></div>
    </form>
  );
}
