import { Button } from '@mantine/core';
import { useId, useState, type FormEvent } from 'react';
import { api, body } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { DelegationNew } from '../../api/types';
import { ChoiceLine } from '../../components/Choices';
import { ErrorSummary } from '../../components/ErrorSummary';
import { ChoiceFrame, DateField, TextField } from '../../components/Fields';
import { FocusedHeading } from '../../components/FocusedHeading';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { localDate } from '../../i18n/format';
import { OrganisationPicker } from '../organisation/OrganisationPicker';

interface Props {
  onDone(): void;
  onCancel(): void;
}

type Power = DelegationNew['powers'][number];

/* What the law lets a governing body decide itself, and so delegate. */
const POWERS: Power[] = [3, 4].flatMap((level) => [
  { act: 'approve_level' as const, level }, { act: 'approve_plan' as const, level },
]).concat([{ act: 'approve_plan', level: 5 }]);

export function DelegationForm({ onDone, onCancel }: Props) {
  const { t } = useWords();
  const label = useLabels();
  const id = useId();
  const submission = useSubmission();
  const [governing, setGoverning] = useState<string | null>(null);
  const [organisation, setOrganisation] = useState<string | null>(null);
  const [powers, setPowers] = useState<string[]>([]);
  const [scope, setScope] = useState('');
  const [document, setDocument] = useState('');
  const [from, setFrom] = useState<string | null>(localDate(new Date()));
  const [to, setTo] = useState<string | null>(null);
  const { at } = submission;
  const keyOf = (one: Power) => `${one.act}-${one.level}`;

  async function submit(event: FormEvent) {
    const missing: [boolean, string, string][] = [
      [governing === null, '/governing_id', t.authority.governing],
      [organisation === null, '/organisation_id', t.authority.delegate],
      [powers.length === 0, '/powers', t.authority.powers],
      [scope.trim() === '', '/scope', t.authority.scope],
      [document.trim() === '', '/document_number', t.authority.document],
      [from === null, '/valid_from', t.authority.validFrom],
      [to === null, '/valid_to', t.authority.validTo],
    ];
    if (!submission.accepts(event, missing.map(([is, pointer, name]) => is && { pointer, message: t.authority.required(name) }))) {
      return;
    }
    const delegation = {
      governing_id: governing!, organisation_id: organisation!, powers: POWERS.filter((one) => powers.includes(keyOf(one))),
      scope: scope.trim(), document_number: document.trim(), valid_from: from!, valid_to: to!,
    };
    if (await submission.send(delegation, (key) =>
      body(api.POST('/api/v1/delegations', { params: { header: { 'Idempotency-Key': key } }, body: delegation }))) !== null) {
      onDone();
    }
  }

  return (
    <form className="panel stack measure" noValidate onSubmit={(event) => void submit(event)} aria-labelledby={id}>
      <FocusedHeading level={2} id={id}>{t.authority.newDelegation}</FocusedHeading>
      <ErrorSummary failure={submission.failure} />
      <OrganisationPicker pointer="/governing_id" label={t.authority.governing} id={governing} error={at('/governing_id')}
        onChange={setGoverning} />
      <OrganisationPicker pointer="/organisation_id" label={t.authority.delegate} hint={t.authority.delegateHint}
        id={organisation} error={at('/organisation_id')} onChange={setOrganisation} />
      <ChoiceFrame id="f-powers" legend={t.authority.powers} hint={undefined} error={at('/powers')} inline={false}>
        {POWERS.map((one) => (
          <ChoiceLine key={keyOf(one)} kind="checkbox" group="f-powers" value={keyOf(one)}
            label={t.authority.power(label(GROUPS.delegationAct, one.act), String(one.level))} checked={powers.includes(keyOf(one))}
            onChange={() => setPowers(powers.includes(keyOf(one)) ? powers.filter((key) => key !== keyOf(one)) : [...powers, keyOf(one)])} />
        ))}
      </ChoiceFrame>
      <TextField pointer="/scope" label={t.authority.scope} rows={3} maxLength={2000} value={scope} error={at('/scope')}
        onChange={setScope} />
      <TextField pointer="/document_number" label={t.authority.document} hint={t.authority.documentHint} maxLength={60}
        value={document} error={at('/document_number')} onChange={setDocument} />
      <div className="row-top">
        <DateField pointer="/valid_from" label={t.authority.validFrom} value={from} error={at('/valid_from')} onChange={setFrom} />
        <DateField pointer="/valid_to" label={t.authority.validTo} value={to} error={at('/valid_to')} onChange={setTo} />
      </div>
      <div className="row">
        <Button type="submit" loading={submission.busy}>{t.authority.record}</Button>
        <Button variant="default" onClick={onCancel}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
