import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { organisationQuery, useLabels } from '../../api/queries';
import type { Account } from '../../api/types';
import { AskThenSend } from '../../components/AskThenSend';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary } from '../../components/ErrorSummary';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { localDate } from '../../i18n/format';
import { bodyOf, missing, NO_ROLE, RoleFields } from './RoleFields';

interface Props {
  account: Account;
  onClose(): void;
  onDone(): void;
}

/* First what, then whether: a role is granted by the second question. */
export function GrantDialog({ account, onClose, onDone }: Props) {
  const words = useWords();
  const { t, date } = words;
  const label = useLabels();
  const submission = useSubmission();
  const [draft, setDraft] = useState(NO_ROLE);
  const [asking, setAsking] = useState(false);
  const organisation = useQuery({
    ...organisationQuery(draft.organisation_id ?? ''), enabled: draft.organisation_id !== null,
  }).data?.data.name ?? '…';

  async function grant() {
    const granted = bodyOf(draft);
    const sent = await submission.send(granted, (key) => tagged(api.POST('/api/v1/accounts/{id}/memberships', {
      params: { path: { id: account.id }, header: { 'Idempotency-Key': key } }, body: granted,
    })));
    setAsking(false);
    if (sent !== null) {
      onDone();
    }
  }

  const from = date(draft.valid_from ?? localDate(new Date()));
  const to = draft.valid_to === null ? null : date(draft.valid_to);
  return (
    <Dialog opened onClose={onClose} size="lg" staysOnClickOutside title={t.account.grantTitle(account.display_name)}>
      <AskThenSend asking={asking} question={t.account.grantAsk(label(GROUPS.role, draft.role), organisation)}
        yes={t.account.grantYes} busy={submission.busy} onYes={() => void grant()} onBack={() => setAsking(false)}
        consequence={<><p>{t.account.grantPeriod(from, to)}</p><p>{t.account.grantAskText}</p></>}>
        <form className="stack" noValidate
          onSubmit={(event) => setAsking(submission.accepts(event, missing(draft, words)))}>
          <ErrorSummary failure={submission.failure} />
          <RoleFields draft={draft} failure={submission.failure} onChange={(part) => setDraft({ ...draft, ...part })} />
          <div className="row">
            <Button type="submit">{t.common.next}</Button>
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
          </div>
        </form>
      </AskThenSend>
    </Dialog>
  );
}
