import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { systemQuery, useCodes, useLabels, useMay, useMe } from '../../api/queries';
import type { LabelNew, System } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ErrorSummary } from '../../components/ErrorSummary';
import { RadioGroup, TextField } from '../../components/Fields';
import { Gate } from '../../components/Gate';
import { PageTitle } from '../../components/PageTitle';
import { Picker, type Picked } from '../../components/Picker';
import { useSubmission } from '../../components/useSubmission';
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
  const { t } = useWords();
  const me = useMe();
  const label = useLabels();
  const codes = useCodes();
  const navigate = useNavigate();
  const submission = useSubmission();
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
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));

  async function submit(event: FormEvent) {
    const accepted = submission.accepts(event, [
      draft.target.trim() === '' && { pointer: '/target', message: t.label.needTarget },
      draft.operator === null && { pointer: '/operator_id', message: t.label.needOperator },
      draft.governing === null && { pointer: '/governing_id', message: t.label.needGoverning },
    ]);
    if (!accepted || draft.operator === null || draft.governing === null) {
      return;
    }
    const body = {
      type: draft.type, target: draft.target.trim(), grade: draft.grade,
      system_id: draft.system?.id ?? null, operator_id: draft.operator.id, governing_id: draft.governing.id,
      evidence_url: draft.evidence_url.trim(),
    };
    const sent = await submission.send(body, (key) =>
      tagged(api.POST('/api/v1/labels', { params: { header: { 'Idempotency-Key': key } }, body })));
    if (sent !== null) {
      await navigate(`/nhan/${sent.data.data.id}`, { state: { said: 'requested' } });
    }
  }

  return (
    <form className="stack-l measure" noValidate onSubmit={(event) => void submit(event)}>
      <div className="stack">
        <PageTitle title={t.label.newTitle} />
        <p>{t.label.newLead}</p>
      </div>
      <ErrorSummary failure={submission.failure} />
      <RadioGroup pointer="/type" legend={t.label.type} choices={coded(GROUPS.labelType)} inline value={draft.type}
        error={submission.at('/type')} onChange={(type) => change({ type: type as Draft['type'] })} />
      <TextField pointer="/target" label={t.label.target} hint={t.label.targetHint} value={draft.target} maxLength={253}
        error={submission.at('/target')} onChange={(target) => change({ target })} />
      <RadioGroup pointer="/grade" legend={t.label.grade} choices={coded(GROUPS.labelGrade)} inline value={draft.grade}
        error={submission.at('/grade')} onChange={(grade) => change({ grade: grade as Draft['grade'] })} />
      <Picker path="/api/v1/systems" pointer="/system_id" label={t.label.system} optional value={draft.system}
        error={submission.at('/system_id')} onChange={(next) => change({ system: next })} />
      <Picker path="/api/v1/organisations" pointer="/operator_id" label={t.common.operator} value={draft.operator}
        error={submission.at('/operator_id')} onChange={(operator) => change({ operator })} />
      <Picker path="/api/v1/organisations" pointer="/governing_id" label={t.common.governing} value={draft.governing}
        error={submission.at('/governing_id')} onChange={(governing) => change({ governing })} />
      <TextField pointer="/evidence_url" type="url" label={t.label.evidence} hint={t.label.evidenceHint} optional
        maxLength={500} value={draft.evidence_url} error={submission.at('/evidence_url')}
        onChange={(evidence_url) => change({ evidence_url })} />
      <div><Button type="submit" loading={submission.busy}>{t.label.create}</Button></div>
    </form>
  );
}
