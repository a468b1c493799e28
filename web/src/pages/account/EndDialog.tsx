import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, newKey, tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { Account, Membership } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary, errorAt, failureOf, type Failure, type FieldError } from '../../components/ErrorSummary';
import { DateField, RadioGroup, TextField } from '../../components/Fields';
import { useWords } from '../../i18n';

interface Props {
  account: Account;
  membership: Membership;
  onClose(): void;
  onDone(): Promise<void>;
}

export function EndDialog({ account, membership, onClose, onDone }: Props) {
  const words = useWords();
  const { t } = words;
  const label = useLabels();
  const [key, setKey] = useState(newKey);
  const [when, setWhen] = useState('now');
  const [last, setLast] = useState<string | null>(null);
  const [number, setNumber] = useState('');
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const what = t.account.endWhat(label(GROUPS.role, membership.role), membership.organisation.name);

  function check(event: FormEvent) {
    event.preventDefault();
    const fields: FieldError[] = [
      when === 'later' && last === null && { pointer: '/valid_to', message: t.account.needLastDay },
      number.trim() === '' && { pointer: '/document_number', message: t.account.needDocument },
    ].filter((field) => field !== false);
    setFailure(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    setAsking(fields.length === 0);
  }

  async function end() {
    setBusy(true);
    try {
      await tagged(api.POST('/api/v1/accounts/{id}/memberships/{membership}/end', {
        params: { path: { id: account.id, membership: membership.id }, header: { 'Idempotency-Key': key } },
        body: { document_number: number.trim(), ...(when === 'later' && last !== null ? { valid_to: last } : {}) },
      }));
      await onDone();
      onClose();
    } catch (error) {
      setKey(newKey());
      setAsking(false);
      setFailure(failureOf(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog opened onClose={onClose} staysOnClickOutside title={t.account.endTitle}>
      {asking ? (
        <div className="stack">
          <p className="strong">{t.account.endAsk}</p>
          <p>{what}</p>
          <p>{t.account.endAskText}</p>
          <div className="row">
            <Button className="danger" variant="default" loading={busy} onClick={() => void end()}>{t.account.endYes}</Button>
            <Button variant="default" onClick={() => setAsking(false)}>{t.account.back}</Button>
          </div>
        </div>
      ) : (
        <form className="stack" noValidate onSubmit={check}>
          <ErrorSummary failure={failure} />
          <p className="strong">{what}</p>
          <RadioGroup pointer="/when" legend={t.account.endWhen} value={when} onChange={setWhen}
            choices={[{ value: 'now', label: t.account.endNow }, { value: 'later', label: t.account.endLater }]} />
          {when === 'later' && (
            <DateField pointer="/valid_to" label={t.account.endLastDay} value={last} error={errorAt(failure, '/valid_to')}
              onChange={setLast} />
          )}
          <TextField pointer="/document_number" label={t.account.document} hint={t.account.documentHint} maxLength={100}
            value={number} error={errorAt(failure, '/document_number')} onChange={setNumber} />
          <div className="row">
            <Button type="submit">{t.account.grantNext}</Button>
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
