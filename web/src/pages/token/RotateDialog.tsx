import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, body } from '../../api/client';
import type { ApiToken, ApiTokenMade } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { ErrorSummary } from '../../components/ErrorSummary';
import { TextField } from '../../components/Fields';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { TokenMade } from './TokenMade';
import { daysOf } from './token';

export function RotateDialog({ token, onClose }: { token: ApiToken; onClose(): void }) {
  const { t } = useWords();
  const submission = useSubmission();
  const [overlap, setOverlap] = useState('7');
  const [made, setMade] = useState<ApiTokenMade | null>(null);

  async function rotate(event: FormEvent) {
    const days = daysOf(overlap, 0, 7);
    if (!submission.accepts(event, [days === null && { pointer: '/overlap_days', message: t.token.needOverlap }]) || days === null) {
      return;
    }
    const sent = await submission.send({ days }, (key) => body(api.POST('/api/v1/tokens/{id}/rotate', {
      params: { path: { id: token.id }, header: { 'If-Match': `"${token.version}"`, 'Idempotency-Key': key } },
      body: { overlap_days: days },
    })));
    setMade(sent?.data ?? null);
  }

  return (
    <Dialog opened onClose={onClose} staysOnClickOutside stays={made !== null} title={t.token.rotateTitle(token.name)}>
      {made !== null ? <TokenMade made={made} onDone={onClose} /> : (
        <form className="stack" noValidate onSubmit={(event) => void rotate(event)}>
          <ErrorSummary failure={submission.failure} />
          <p>{t.token.rotateText}</p>
          <TextField pointer="/overlap_days" label={t.token.overlap} hint={t.token.overlapHint} value={overlap} maxLength={1}
            error={submission.at('/overlap_days')} onChange={setOverlap} className="date-field" />
          <div className="row">
            <Button type="submit" loading={submission.busy}>{t.token.rotate}</Button>
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
