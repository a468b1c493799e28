/* Ends a record: the document and the last day, then the second question with its consequence. */
import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { api, body } from '../../api/client';
import { AskThenSend } from '../../components/AskThenSend';
import { ErrorSummary } from '../../components/ErrorSummary';
import { DateField, TextField } from '../../components/Fields';
import { FocusedHeading } from '../../components/FocusedHeading';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { localDate } from '../../i18n/format';

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
  const id = useId();
  const submission = useSubmission();
  const [document, setDocument] = useState('');
  const [last, setLast] = useState<string | null>(localDate(new Date()));
  const [asking, setAsking] = useState(false);

  async function end() {
    const ending = { document_number: document.trim(), valid_to: last! };
    const sent = await submission.send(ending, (key) =>
      body(api.POST(`/api/v1/${of.path}/{id}/end` as '/api/v1/assignments/{id}/end', {
        params: { path: { id: of.id }, header: { 'If-Match': `"${of.version}"`, 'Idempotency-Key': key } }, body: ending,
      })));
    setAsking(false);
    if (sent !== null) {
      onDone();
    }
  }

  return (
    <AskThenSend framed danger asking={asking} question={t.authority.endAsk} yes={t.authority.endConfirm} busy={submission.busy}
      consequence={<p>{t.authority.endConsequence(of.who, date(last))}</p>} onYes={() => void end()} onBack={() => setAsking(false)}>
      <form className="panel stack measure" noValidate aria-labelledby={id} onSubmit={(event) => setAsking(submission.accepts(event, [
        document.trim() === '' && { pointer: '/document_number', message: t.authority.required(t.authority.endDocument) },
        last === null && { pointer: '/valid_to', message: t.authority.required(t.authority.endDay) },
      ]))}>
        <FocusedHeading level={2} id={id} takes={submission.failure === null}>{t.authority.endTitle(of.document)}</FocusedHeading>
        <p className="muted">{of.who}</p>
        <ErrorSummary failure={submission.failure} />
        <TextField pointer="/document_number" label={t.authority.endDocument} hint={t.authority.documentHint} maxLength={60}
          value={document} error={submission.at('/document_number')} onChange={setDocument} />
        <DateField pointer="/valid_to" label={t.authority.endDay} value={last} error={submission.at('/valid_to')} onChange={setLast} />
        <div className="row">
          <Button type="submit">{t.common.next}</Button>
          <Button variant="default" onClick={onCancel}>{t.common.cancel}</Button>
        </div>
      </form>
    </AskThenSend>
  );
}
