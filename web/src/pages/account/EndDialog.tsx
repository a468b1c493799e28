import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { Account, Membership } from '../../api/types';
import { AskThenSend } from '../../components/AskThenSend';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary } from '../../components/ErrorSummary';
import { DateField, RadioGroup, TextField } from '../../components/Fields';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';

interface Props {
  account: Account;
  membership: Membership;
  onClose(): void;
  onDone(): void;
}

export function EndDialog({ account, membership, onClose, onDone }: Props) {
  const { t } = useWords();
  const label = useLabels();
  const submission = useSubmission();
  const [when, setWhen] = useState('now');
  const [last, setLast] = useState<string | null>(null);
  const [number, setNumber] = useState('');
  const [asking, setAsking] = useState(false);
  const what = t.account.endWhat(label(GROUPS.role, membership.role), membership.organisation.name);

  async function end() {
    const ending = { document_number: number.trim(), ...(when === 'later' && last !== null ? { valid_to: last } : {}) };
    const sent = await submission.send(ending, (key) => tagged(api.POST('/api/v1/accounts/{id}/memberships/{membership}/end', {
      params: { path: { id: account.id, membership: membership.id }, header: { 'Idempotency-Key': key } }, body: ending,
    })));
    setAsking(false);
    if (sent !== null) {
      onDone();
    }
  }

  return (
    <Dialog opened onClose={onClose} staysOnClickOutside title={t.account.endTitle}>
      <AskThenSend danger asking={asking} question={t.account.endAsk} yes={t.account.endYes} busy={submission.busy}
        consequence={<><p>{what}</p><p>{t.account.endAskText}</p></>} onYes={() => void end()} onBack={() => setAsking(false)}>
        <form className="stack" noValidate onSubmit={(event) => setAsking(submission.accepts(event, [
          when === 'later' && last === null && { pointer: '/valid_to', message: t.account.needLastDay },
          number.trim() === '' && { pointer: '/document_number', message: t.account.needDocument },
        ]))}>
          <ErrorSummary failure={submission.failure} />
          <p className="strong">{what}</p>
          <RadioGroup pointer="/when" legend={t.account.endWhen} value={when} onChange={setWhen}
            choices={[{ value: 'now', label: t.account.endNow }, { value: 'later', label: t.account.endLater }]} />
          {when === 'later' && (
            <DateField pointer="/valid_to" label={t.account.endLastDay} value={last} error={submission.at('/valid_to')}
              onChange={setLast} />
          )}
          <TextField pointer="/document_number" label={t.account.document} hint={t.account.documentHint} maxLength={100}
            value={number} error={submission.at('/document_number')} onChange={setNumber} />
          <div className="row">
            <Button type="submit">{t.common.next}</Button>
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
          </div>
        </form>
      </AskThenSend>
    </Dialog>
  );
}
