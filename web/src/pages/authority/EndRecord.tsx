/* Ends a record: the document and the last day, then the second question with its consequence. */
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { api, body } from '../../api/client';
import { ErrorSummary, errorAt, type FieldError } from '../../components/ErrorSummary';
import { DateField, TextField } from '../../components/Fields';
import { useWords } from '../../i18n';
import { localDate } from '../../i18n/format';
import { useRecording } from './useRecording';

export interface Ending {
  id: string;
  path: 'assignments' | 'delegations';
  version: number;
  document: string;
  who: string;
}

interface Props {
  of: Ending;
  onDone(): void;
  onCancel(): void;
}

export function EndRecord({ of, onDone, onCancel }: Props) {
  const { t, date } = useWords();
  const recording = useRecording();
  const [document, setDocument] = useState('');
  const [last, setLast] = useState<string | null>(localDate(new Date()));
  const [asking, setAsking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [asking]);

  function ask(event: FormEvent) {
    event.preventDefault();
    const fields: FieldError[] = [];
    if (document.trim() === '') {
      fields.push({ pointer: '/document_number', message: t.authority.required(t.authority.endDocument) });
    }
    if (last === null) {
      fields.push({ pointer: '/valid_to', message: t.authority.required(t.authority.endDay) });
    }
    recording.fail(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    setAsking(fields.length === 0);
  }

  async function confirm() {
    const sent = await recording.send((key) => body(api.POST(`/api/v1/${of.path}/{id}/end` as '/api/v1/assignments/{id}/end', {
      params: { path: { id: of.id }, header: { 'If-Match': `"${of.version}"`, 'Idempotency-Key': key } },
      body: { document_number: document.trim(), valid_to: last! },
    })));
    if (sent) {
      onDone();
    } else {
      setAsking(false);
    }
  }

  if (asking) {
    return (
      <section className="panel stack confirm confirm-refused" aria-labelledby="cham-dut-h">
        <h2 id="cham-dut-h" ref={heading} tabIndex={-1}>{t.authority.endAsk}</h2>
        <p>{t.authority.endConsequence(of.who, date(last))}</p>
        <div className="row">
          <Button className="danger" variant="default" loading={recording.busy} onClick={() => void confirm()}>
            {t.authority.endConfirm}
          </Button>
          <Button variant="default" disabled={recording.busy} onClick={() => setAsking(false)}>{t.authority.endBack}</Button>
        </div>
      </section>
    );
  }
  return (
    <form className="panel stack measure" noValidate onSubmit={ask} aria-labelledby="cham-dut-h">
      <h2 id="cham-dut-h" ref={heading} tabIndex={-1}>{t.authority.endTitle(of.document)}</h2>
      <p className="muted">{of.who}</p>
      <ErrorSummary failure={recording.failure} />
      <TextField pointer="/document_number" label={t.authority.endDocument} hint={t.authority.documentHint} maxLength={60}
        value={document} error={errorAt(recording.failure, '/document_number')} onChange={setDocument} />
      <DateField pointer="/valid_to" label={t.authority.endDay} value={last}
        error={errorAt(recording.failure, '/valid_to')} onChange={setLast} />
      <div className="row">
        <Button type="submit">{t.authority.endNext}</Button>
        <Button variant="default" onClick={onCancel}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
