import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, newKey, tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { organisationQuery, useLabels } from '../../api/queries';
import type { Account } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary, failureOf, type Failure } from '../../components/ErrorSummary';
import { useWords } from '../../i18n';
import { localDate } from '../../i18n/format';
import { bodyOf, missing, NO_ROLE, RoleFields } from './RoleFields';

interface Props {
  account: Account;
  onClose(): void;
  onDone(): Promise<void>;
}

/* First what, then whether: a role is granted by the second question. */
export function GrantDialog({ account, onClose, onDone }: Props) {
  const words = useWords();
  const { t, date } = words;
  const label = useLabels();
  const [key, setKey] = useState(newKey);
  const [draft, setDraft] = useState(NO_ROLE);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const organisation = useQuery({
    ...organisationQuery(draft.organisation_id ?? ''), enabled: draft.organisation_id !== null,
  }).data?.data.name ?? '…';

  function check(event: FormEvent) {
    event.preventDefault();
    const fields = missing(draft, words);
    setFailure(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    setAsking(fields.length === 0);
  }

  async function grant() {
    setBusy(true);
    try {
      await tagged(api.POST('/api/v1/accounts/{id}/memberships', {
        params: { path: { id: account.id }, header: { 'Idempotency-Key': key } }, body: bodyOf(draft),
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

  const from = date(draft.valid_from ?? localDate(new Date()));
  return (
    <Dialog opened onClose={onClose} size="lg" staysOnClickOutside title={t.account.grantTitle(account.display_name)}>
      {asking ? (
        <div className="stack">
          <p className="strong">{t.account.grantAsk(label(GROUPS.role, draft.role), organisation, from)}</p>
          <p>{t.account.grantAskText}</p>
          <div className="row">
            <Button loading={busy} onClick={() => void grant()}>{t.account.grantYes}</Button>
            <Button variant="default" onClick={() => setAsking(false)}>{t.account.back}</Button>
          </div>
        </div>
      ) : (
        <form className="stack" noValidate onSubmit={check}>
          <ErrorSummary failure={failure} />
          <RoleFields draft={draft} failure={failure} onChange={(part) => setDraft({ ...draft, ...part })} />
          <div className="row">
            <Button type="submit">{t.account.grantNext}</Button>
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
