import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, body, newKey } from '../../api/client';
import { useRefresh } from '../../api/queries';
import type { ApiToken, ApiTokenMade } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary, errorAt, failureOf, type Failure } from '../../components/ErrorSummary';
import { TextField } from '../../components/Fields';
import { useWords } from '../../i18n';
import { TokenMade } from './TokenMade';
import { daysOf } from './token';

export function RotateDialog({ token, onClose }: { token: ApiToken; onClose(): void }) {
  const words = useWords();
  const { t } = words;
  const refresh = useRefresh();
  const [key] = useState(newKey);
  const [overlap, setOverlap] = useState('7');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [made, setMade] = useState<ApiTokenMade | null>(null);

  async function rotate() {
    const days = daysOf(overlap, 0, 7);
    if (days === null) {
      setFailure({ title: t.errors.summary(1), fields: [{ pointer: '/overlap_days', message: t.token.needOverlap }], trace: null });
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      setMade(await body(api.POST('/api/v1/tokens/{id}/rotate', {
        params: { path: { id: token.id }, header: { 'If-Match': `"${token.version}"`, 'Idempotency-Key': key } },
        body: { overlap_days: days },
      })));
      await refresh();
    } catch (error) {
      setFailure(failureOf(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog opened onClose={onClose} staysOnClickOutside title={t.token.rotateTitle(token.name)}>
      {made !== null ? <TokenMade made={made} onDone={onClose} /> : (
        <div className="stack">
          <ErrorSummary failure={failure} />
          <p>{t.token.rotateText}</p>
          <TextField pointer="/overlap_days" label={t.token.overlap} hint={t.token.overlapHint} value={overlap} maxLength={1}
            error={errorAt(failure, '/overlap_days')} onChange={setOverlap} className="date-field" />
          <div className="row">
            <Button loading={busy} onClick={() => void rotate()}>{t.token.rotate}</Button>
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
