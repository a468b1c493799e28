import { Button } from '@mantine/core';
import { api, body } from '../../api/client';
import type { ApiToken } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary } from '../../components/ErrorSummary';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';

export function RevokeDialog({ token, onClose }: { token: ApiToken; onClose(): void }) {
  const { t } = useWords();
  const { busy, failure, send } = useSubmission();

  async function revoke() {
    if (await send(null, () => body(api.POST('/api/v1/tokens/{id}/revoke', { params: { path: { id: token.id } } }))) !== null) {
      onClose();
    }
  }

  return (
    <Dialog opened onClose={onClose} title={t.token.revokeTitle(token.name)}>
      <div className="stack">
        <ErrorSummary failure={failure} />
        <p>{t.token.revokeText}</p>
        <div className="row">
          <Button className="danger" variant="default" loading={busy} onClick={() => void revoke()}>{t.token.revokeYes}</Button>
          <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
        </div>
      </div>
    </Dialog>
  );
}
