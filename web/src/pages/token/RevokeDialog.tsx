import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { useRefresh } from '../../api/queries';
import type { ApiToken } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary, failureOf, type Failure } from '../../components/ErrorSummary';
import { useWords } from '../../i18n';

export function RevokeDialog({ token, onClose }: { token: ApiToken; onClose(): void }) {
  const words = useWords();
  const { t } = words;
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function revoke() {
    setBusy(true);
    setFailure(null);
    try {
      await body(api.POST('/api/v1/tokens/{id}/revoke', { params: { path: { id: token.id } } }));
      await refresh();
      onClose();
    } catch (error) {
      setFailure(failureOf(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog opened onClose={onClose} title={t.token.revokeTitle(token.name)}>
      <div className="stack">
        <ErrorSummary failure={failure} />
        <p>{t.token.revokeText}</p>
        <div className="row">
          <Button color="red" loading={busy} onClick={() => void revoke()}>{t.token.revokeYes}</Button>
          <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
        </div>
      </div>
    </Dialog>
  );
}
