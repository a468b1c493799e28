import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { api, body } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { useCodes, useLabels, useMay } from '../../api/queries';
import type { ApiTokenMade, ApiTokenNew } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ChoiceLine } from '../../components/Choices';
import { ErrorSummary, errorAt, type Failure } from '../../components/ErrorSummary';
import { ChoiceFrame, RadioGroup, TextField } from '../../components/Fields';
import { PageTitle } from '../../components/PageTitle';
import { fieldId } from '../../api/problem';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { OrganisationPicker } from '../organisation/OrganisationPicker';
import { TokenMade } from './TokenMade';
import { daysOf, networksOf } from './token';

type Reach = ApiTokenNew['reach'];
type Scope = ApiTokenNew['scopes'][number];

/* What a token for the whole register may see. */
const FIGURES: string[] = ['stats.read', 'organisation.read'];

export function TokenNewPage() {
  const may = useMay();
  return may('token.admin') ? <TokenForm /> : <ForbiddenPage right="token.admin" />;
}

function TokenForm() {
  const { t } = useWords();
  const navigate = useNavigate();
  const submission = useSubmission();
  const { failure } = submission;
  const [organisation, setOrganisation] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [reach, setReach] = useState<Reach | null>(null);
  const [scopes, setScopes] = useState<string[]>(['stats.read']);
  const [networks, setNetworks] = useState('');
  const [days, setDays] = useState('90');
  const [made, setMade] = useState<ApiTokenMade | null>(null);
  const allowed = (code: string) => reach !== 'register' || FIGURES.includes(code);

  async function submit(event: FormEvent) {
    const life = daysOf(days, 1, 365);
    const accepted = submission.accepts(event, [
      name.trim() === '' && { pointer: '/name', message: t.token.needName },
      organisation === null && { pointer: '/organisation_id', message: t.token.needOrganisation },
      reach === null && { pointer: '/reach', message: t.token.needReach },
      scopes.filter(allowed).length === 0 && { pointer: '/scopes', message: t.token.needScopes },
      life === null && { pointer: '/days', message: t.token.needDays },
    ]);
    if (!accepted || organisation === null || reach === null || life === null) {
      return;
    }
    const token = {
      organisation_id: organisation, name: name.trim(), reach, days: life,
      scopes: scopes.filter(allowed) as Scope[], networks: networksOf(networks),
    };
    const sent = await submission.send(token, (key) =>
      body(api.POST('/api/v1/tokens', { params: { header: { 'Idempotency-Key': key } }, body: token })));
    setMade(sent?.data ?? null);
  }

  if (made !== null) {
    return (
      <div className="stack-l measure">
        <PageTitle title={t.token.newTitle} />
        <TokenMade made={made} onDone={() => void navigate('/ma-truy-cap')} />
      </div>
    );
  }
  return (
    <form className="stack-l measure" noValidate onSubmit={(event) => void submit(event)}>
      <PageTitle title={t.token.newTitle} />
      <p className="muted">{t.token.about}</p>
      <ErrorSummary failure={failure} />
      <TextField pointer="/name" label={t.token.name} hint={t.token.nameHint} value={name} maxLength={100}
        error={errorAt(failure, '/name')} onChange={setName} />
      <OrganisationPicker pointer="/organisation_id" label={t.token.organisation} id={organisation}
        error={errorAt(failure, '/organisation_id')} onChange={setOrganisation} />
      <ReachField reach={reach} failure={failure} onChange={setReach} />
      <ScopesField scopes={scopes} allowed={allowed} failure={failure} onChange={setScopes} />
      <TextField pointer="/networks" label={t.token.networks} hint={t.token.networksHint} optional rows={3} value={networks}
        error={failure?.fields.find((field) => field.pointer.startsWith('/networks'))?.message} onChange={setNetworks} />
      <TextField pointer="/days" label={t.token.days} hint={t.token.daysHint} value={days} maxLength={3}
        error={errorAt(failure, '/days')} onChange={setDays} className="date-field" />
      <div><Button type="submit" loading={submission.busy}>{t.token.make}</Button></div>
    </form>
  );
}

function ReachField({ reach, failure, onChange }: { reach: Reach | null; failure: Failure | null; onChange(reach: Reach): void }) {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  return (
    <RadioGroup pointer="/reach" legend={t.token.reach} hint={t.token.reachHint} error={errorAt(failure, '/reach')} value={reach}
      choices={codes(GROUPS.tokenReach).map((code) => ({ value: code, label: label(GROUPS.tokenReach, code) }))}
      onChange={(value) => onChange(value as Reach)} />
  );
}

interface ScopesProps {
  scopes: string[];
  allowed(code: string): boolean;
  failure: Failure | null;
  onChange(scopes: string[]): void;
}

function ScopesField({ scopes, allowed, failure, onChange }: ScopesProps) {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const all = codes(GROUPS.tokenScope);
  return (
    <ChoiceFrame id={fieldId('/scopes')} legend={t.token.scopes} error={errorAt(failure, '/scopes')}
      hint={all.every(allowed) ? t.token.scopesHint : t.token.figuresOnly}>
      {all.filter(allowed).map((code) => (
        <ChoiceLine key={code} kind="checkbox" group={fieldId('/scopes')} value={code} label={label(GROUPS.tokenScope, code)}
          hint={t.token.scopeHints[code]} checked={scopes.includes(code)}
          onChange={(on) => onChange(on ? [...scopes, code] : scopes.filter((one) => one !== code))} />
      ))}
    </ChoiceFrame>
  );
}
