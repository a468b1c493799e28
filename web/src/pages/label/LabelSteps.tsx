import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, tagged, type Tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { labelQuery, labelTransitionsQuery, useCodes, useLabels } from '../../api/queries';
import type { Label, LabelTransition, Transition } from '../../api/types';
import { ErrorSummary } from '../../components/ErrorSummary';
import { DateField, RadioGroup, TextField } from '../../components/Fields';
import { FocusedHeading } from '../../components/FocusedHeading';
import { Icon } from '../../components/Icon';
import { stateIcon } from '../../components/StateMark';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';

export function LabelSteps({ loaded, onDone }: { loaded: Tagged<Label>; onDone(to: string): void }) {
  const { t, text } = useWords();
  const list = useQuery(labelTransitionsQuery(loaded.data.id)).data;
  const [open, setOpen] = useState<string | null>(null);
  const allowed = list?.items.filter((item) => item.allowed) ?? [];
  const blocked = list?.items.filter((item) => !item.allowed && item.blocked.length > 0) ?? [];
  const chosen = allowed.find((item) => item.to === open);
  if (allowed.length === 0 && blocked.length === 0) {
    return null;
  }
  return (
    <section className="panel stack no-print" aria-labelledby="buoc-h">
      <h2 id="buoc-h">{t.label.nextStep}</h2>
      {chosen === undefined ? (
        <div className="row">
          {allowed.map((item) => (
            <Button key={item.to} variant={item.to === 'granted' ? 'filled' : 'default'}
              leftSection={<Icon name={stateIcon(item.to)} />} onClick={() => setOpen(item.to)}>
              {t.label.to[item.to] ?? item.to}
            </Button>
          ))}
          {allowed.length === 0 && <p className="muted">{t.dossier.nothingToDo}</p>}
        </div>
      ) : (
        <StepForm key={chosen.to} loaded={loaded} item={chosen} onCancel={() => setOpen(null)} onDone={() => {
          setOpen(null);
          onDone(chosen.to);
        }} />
      )}
      {blocked.length > 0 && (
        <details>
          <summary>{t.dossier.blocked} ({blocked.length})</summary>
          <ul className="plain stack-s">
            {blocked.map((item) => (
              <li key={item.to}>
                <p className="strong"><Icon name="lock" /> {t.label.to[item.to] ?? item.to}</p>
                {item.blocked.map((blocker) => <p key={blocker.code} className="small">{text(blocker.text)}</p>)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface StepProps {
  loaded: Tagged<Label>;
  item: Transition;
  onCancel(): void;
  onDone(): void;
}

interface Draft {
  reason: string;
  grade: NonNullable<LabelTransition['grade']>;
  issuer: string;
  granted_on: string | null;
  expires_on: string | null;
  certificate_url: string;
}

function changeOf(item: Transition, draft: Draft): LabelTransition {
  const to = item.to as LabelTransition['to'];
  if (to !== 'granted') {
    return draft.reason.trim() === '' ? { to } : { to, reason: draft.reason };
  }
  return {
    to, grade: draft.grade, issuer: draft.issuer, certificate_url: draft.certificate_url,
    ...(draft.granted_on === null ? {} : { granted_on: draft.granted_on }),
    ...(draft.expires_on === null ? {} : { expires_on: draft.expires_on }),
  };
}

function StepForm({ loaded, item, onCancel, onDone }: StepProps) {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const client = useQueryClient();
  const submission = useSubmission();
  const id = loaded.data.id;
  const [draft, setDraft] = useState<Draft>({
    reason: '', grade: loaded.data.grade, issuer: loaded.data.issuer, granted_on: null, expires_on: null,
    certificate_url: loaded.data.certificate_url,
  });
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const granting = item.to === 'granted';
  const needsReason = item.needs.includes('reason');
  const needsEnd = item.needs.includes('expires_on');
  const needsIssuer = item.needs.includes('issuer');

  async function submit(event: FormEvent) {
    const accepted = submission.accepts(event, [
      needsIssuer && draft.issuer.trim() === '' && { pointer: '/issuer', message: t.common.required(t.label.issuer) },
      granting && draft.granted_on === null && { pointer: '/granted_on', message: t.common.required(t.label.grantedOn) },
      needsEnd && draft.expires_on === null && { pointer: '/expires_on', message: t.common.required(t.label.expiresOn) },
      needsReason && draft.reason.trim() === '' && { pointer: '/reason', message: t.dossier.needReasons },
    ]);
    if (!accepted) {
      return;
    }
    const body = changeOf(item, draft);
    const sent = await submission.send(body, async (key) => {
      const saved = await tagged(api.POST('/api/v1/labels/{id}/transitions', {
        params: { path: { id }, header: { 'If-Match': loaded.etag, 'Idempotency-Key': key } }, body,
      }));
      client.setQueryData(labelQuery(id).queryKey, saved);
    });
    if (sent !== null) {
      onDone();
    }
  }

  return (
    <form className="stack measure" noValidate onSubmit={(event) => void submit(event)}>
      <FocusedHeading level={3}>{t.label.to[item.to] ?? item.to}</FocusedHeading>
      <ErrorSummary failure={submission.failure} />
      {granting ? (
        <>
          <RadioGroup pointer="/grade" legend={t.label.grade} inline value={draft.grade}
            choices={codes(GROUPS.labelGrade).map((code) => ({ value: code, label: label(GROUPS.labelGrade, code) }))}
            onChange={(grade) => change({ grade: grade as Draft['grade'] })} />
          <TextField pointer="/issuer" label={t.label.issuer} optional={!needsIssuer} maxLength={200} value={draft.issuer}
            error={submission.at('/issuer')} onChange={(issuer) => change({ issuer })} />
          <div className="row-top">
            <DateField pointer="/granted_on" label={t.label.grantedOn} value={draft.granted_on}
              error={submission.at('/granted_on')} onChange={(granted_on) => change({ granted_on })} />
            <DateField pointer="/expires_on" label={t.label.expiresOn} optional={!needsEnd} value={draft.expires_on}
              error={submission.at('/expires_on')} onChange={(expires_on) => change({ expires_on })} />
          </div>
          <TextField pointer="/certificate_url" type="url" label={t.label.certificate} optional maxLength={500}
            value={draft.certificate_url} error={submission.at('/certificate_url')}
            onChange={(certificate_url) => change({ certificate_url })} />
        </>
      ) : (
        <TextField pointer="/reason" label={t.common.reason} optional={!needsReason} rows={3} maxLength={2000}
          value={draft.reason} error={submission.at('/reason')} onChange={(reason) => change({ reason })} />
      )}
      <div className="row">
        <Button type="submit" loading={submission.busy}>{t.label.to[item.to] ?? t.dossier.confirm}</Button>
        <Button variant="default" onClick={onCancel}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
