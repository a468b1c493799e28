import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, tagged } from '../../api/client';
import { rulesetsQuery, systemClassificationsQuery, systemQuery, useMay } from '../../api/queries';
import type { Classification, System } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ErrorSummary } from '../../components/ErrorSummary';
import { RadioGroup, SelectField, TextField } from '../../components/Fields';
import { Gate } from '../../components/Gate';
import { LevelBadge } from '../../components/LevelBadge';
import { PageTitle } from '../../components/PageTitle';
import { Picker, type Picked } from '../../components/Picker';
import { Reasons } from '../../components/Reasons';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';

export function DossierNewPage() {
  const { t } = useWords();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const id = search.get('system');
  if (!may('dossier.prepare')) {
    return <ForbiddenPage right="dossier.prepare" />;
  }
  return (
    <div className="stack-l measure">
      <div className="stack">
        <PageTitle title={t.dossier.newTitle} />
        <p>{t.dossier.newLead}</p>
      </div>
      {id === null
        ? <ChooseSystem onChoose={(picked) => setSearch({ system: picked.id })} />
        : <Loaded key={id} id={id} />}
    </div>
  );
}

function ChooseSystem({ onChoose }: { onChoose(picked: Picked): void }) {
  const { t } = useWords();
  return (
    <Picker path="/api/v1/systems" pointer="/system" label={t.dossier.chooseSystem} value={null}
      onChange={(picked) => picked !== null && onChoose(picked)} />
  );
}

function Loaded({ id }: { id: string }) {
  const system = useQuery(systemQuery(id));
  const classifications = useQuery(systemClassificationsQuery(id));
  return (
    <Gate query={system}>
      {({ data }) => (
        <Gate query={classifications}>{(all) => <NewForm system={data} classifications={all} />}</Gate>
      )}
    </Gate>
  );
}

interface FormProps {
  system: System;
  classifications: Classification[];
}

const LEVELS = [1, 2, 3, 4, 5];

function NewForm({ system, classifications }: FormProps) {
  const { t, text } = useWords();
  const navigate = useNavigate();
  const submission = useSubmission();
  const rows = useQuery(rulesetsQuery).data ?? [];
  const [ruleset, setRuleset] = useState(system.ruleset);
  const classification = classifications.find((one) => one.ruleset === ruleset);
  const floor = Math.max(classification?.level ?? 0, classification?.at_least ?? 0);
  const [chosen, setChosen] = useState<number | null>(null);
  const level = chosen ?? classification?.level ?? null;
  const [reason, setReason] = useState('');
  const needsReason = level !== null && level !== classification?.level;

  async function submit(event: FormEvent) {
    const accepted = submission.accepts(event, [
      level === null && { pointer: '/systems/0/proposed_level', message: t.dossier.needLevel },
      needsReason && reason.trim() === '' && { pointer: '/systems/0/reason', message: t.dossier.needReason },
    ]);
    if (!accepted || level === null) {
      return;
    }
    const body = { ruleset, systems: [{ system_id: system.id, proposed_level: level, reason: needsReason ? reason : '' }] };
    const sent = await submission.send(body, (key) =>
      tagged(api.POST('/api/v1/dossiers', { params: { header: { 'Idempotency-Key': key } }, body })));
    if (sent !== null) {
      await navigate(`/ho-so/${sent.data.data.id}`);
    }
  }

  return (
    <form className="stack-l" noValidate onSubmit={(event) => void submit(event)}>
      <ErrorSummary failure={submission.failure} />
      <div className="panel stack-s">
        <p className="strong">{system.name}</p>
        <p className="small muted"><span className="code">{system.code}</span> · {system.operator.name}</p>
        {classification !== undefined && (
          <>
            <div><LevelBadge level={classification.level} atLeast={classification.at_least} kind="computed" /></div>
            <Reasons classification={classification} />
          </>
        )}
      </div>
      <SelectField pointer="/ruleset" label={t.common.ruleset} value={ruleset} error={submission.at('/ruleset')}
        choices={rows.map((row) => ({ value: row.id, label: text(row.title) + (row.current ? ` (${t.common.inForce})` : '') }))}
        onChange={(value) => {
          setRuleset(value);
          setChosen(null);
        }} />
      <RadioGroup pointer="/systems/0/proposed_level" legend={t.dossier.chooseLevel} inline
        hint={t.dossier.chooseLevelHint} error={submission.at('/systems/0/proposed_level')}
        choices={LEVELS.filter((one) => one >= floor).map((one) => ({ value: String(one), label: t.common.levelN(one) }))}
        value={level === null ? null : String(level)} onChange={(value) => setChosen(Number(value))} />
      {needsReason && (
        <TextField pointer="/systems/0/reason" label={t.dossier.reasonLabel} hint={t.dossier.reasonHint} rows={4}
          maxLength={4000} value={reason} error={submission.at('/systems/0/reason')} onChange={setReason} />
      )}
      <p className="muted">{t.dossier.after}</p>
      <div><Button type="submit" loading={submission.busy}>{t.dossier.create}</Button></div>
    </form>
  );
}
