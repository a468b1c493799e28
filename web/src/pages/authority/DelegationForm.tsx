import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { api, body } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { DelegationNew } from '../../api/types';
import { ChoiceLine } from '../../components/Choices';
import { ErrorSummary, errorAt, type FieldError } from '../../components/ErrorSummary';
import { ChoiceFrame, DateField, TextField } from '../../components/Fields';
import { useWords } from '../../i18n';
import { localDate } from '../../i18n/format';
import { OrganisationPicker } from '../organisation/OrganisationPicker';
import { useRecording } from './useRecording';

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
  const recording = useRecording();
  const [governing, setGoverning] = useState<string | null>(null);
  const [organisation, setOrganisation] = useState<string | null>(null);
  const [powers, setPowers] = useState<string[]>([]);
  const [scope, setScope] = useState('');
  const [document, setDocument] = useState('');
  const [from, setFrom] = useState<string | null>(localDate(new Date()));
  const [to, setTo] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const at = (pointer: string) => errorAt(recording.failure, pointer);
  const keyOf = (one: Power) => `${one.act}-${one.level}`;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const missing: [boolean, string, string][] = [
      [governing === null, '/governing_id', t.authority.governing],
      [organisation === null, '/organisation_id', t.authority.delegate],
      [powers.length === 0, '/powers', t.authority.powers],
      [scope.trim() === '', '/scope', t.authority.scope],
      [document.trim() === '', '/document_number', t.authority.document],
      [from === null, '/valid_from', t.authority.validFrom],
      [to === null, '/valid_to', t.authority.validTo],
    ];
    const fields: FieldError[] = missing.filter(([is]) => is)
      .map(([, pointer, name]) => ({ pointer, message: t.authority.required(name) }));
    recording.fail(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    if (fields.length > 0) {
      return;
    }
    const sent = await recording.send((key) => body(api.POST('/api/v1/delegations', {
      params: { header: { 'Idempotency-Key': key } },
      body: {
        governing_id: governing!, organisation_id: organisation!, powers: POWERS.filter((one) => powers.includes(keyOf(one))),
        scope: scope.trim(), document_number: document.trim(), valid_from: from!, valid_to: to!,
      },
    })));
    if (sent) {
      onDone();
    }
  }

  return (
    <form className="panel stack measure" noValidate onSubmit={(event) => void submit(event)} aria-labelledby="uq-moi-h">
      <h2 id="uq-moi-h" ref={heading} tabIndex={-1}>{t.authority.newDelegation}</h2>
      <ErrorSummary failure={recording.failure} />
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
        <Button type="submit" loading={recording.busy}>{t.authority.record}</Button>
        <Button variant="default" onClick={onCancel}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
