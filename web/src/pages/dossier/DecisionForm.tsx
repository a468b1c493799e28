import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Dossier, Transition } from '../../api/types';
import { ErrorSummary, errorAt, type Failure, type FieldError } from '../../components/ErrorSummary';
import { DateField, TextField } from '../../components/Fields';
import { Icon } from '../../components/Icon';
import { useWords } from '../../i18n';
import { Blockers } from './TransitionPanel';

export interface DecisionDraft {
  to: 'approved' | 'refused' | 'returned' | null;
  number: string;
  date: string | null;
  reason: string;
}

interface Props {
  dossier: Dossier;
  options: Transition[];
  draft: DecisionDraft;
  failure: Failure | null;
  onChange(part: Partial<DecisionDraft>): void;
  onFail(failure: Failure | null): void;
  onAsk(): void;
}

/* Approve, refuse and return side by side: equal in reach, different in look. */
export function DecisionForm({ dossier, options, draft, failure, onChange, onFail, onAsk }: Props) {
  const { t } = useWords();
  const needs = (to: string, field: string) =>
    options.find((item) => item.to === to)?.needs.includes(field) ?? false;

  function decide(to: NonNullable<DecisionDraft['to']>) {
    const fields: FieldError[] = [
      needs(to, 'number') && draft.number.trim() === '' && { pointer: '/number', message: t.dossier.needNumber },
      needs(to, 'date') && draft.date === null && { pointer: '/date', message: t.dossier.needDate },
      needs(to, 'reason') && draft.reason.trim() === '' && { pointer: '/reason', message: t.dossier.needReasons },
    ].filter((field) => field !== false);
    onChange({ to });
    onFail(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    if (fields.length === 0) {
      onAsk();
    }
  }

  const allowed = (to: string) => options.some((item) => item.to === to && item.allowed);
  const blocked = options.filter((item) => !item.allowed && item.blocked.length > 0);
  return (
    <section className="panel stack" aria-labelledby="quyet-h">
      <h2 id="quyet-h">{t.dossier.choose}</h2>
      <ErrorSummary failure={failure} />
      <p>{t.dossier.chooseText}</p>
      <div className="row-top">
        <TextField pointer="/number" label={t.dossier.decisionNumber} hint={t.dossier.decisionNumberHint}
          value={draft.number} maxLength={60} error={errorAt(failure, '/number')}
          onChange={(number) => onChange({ number })} />
        <DateField pointer="/date" label={t.dossier.decisionDate} value={draft.date} error={errorAt(failure, '/date')}
          onChange={(date) => onChange({ date })} />
      </div>
      <TextField pointer="/reason" label={t.common.reason} hint={t.dossier.decisionReasonHint}
        rows={3} maxLength={4000} value={draft.reason} error={errorAt(failure, '/reason')}
        onChange={(reason) => onChange({ reason })} />
      <div className="decisions">
        <Button disabled={!allowed('approved')} leftSection={<Icon name="approved" />} onClick={() => decide('approved')}>
          {t.dossier.to.approved}
        </Button>
        <Button className="danger" variant="default" disabled={!allowed('refused')} leftSection={<Icon name="refused" />}
          onClick={() => decide('refused')}>
          {t.dossier.to.refused}
        </Button>
        <Button variant="default" disabled={!allowed('returned')} leftSection={<Icon name="returned" />}
          onClick={() => decide('returned')}>
          {t.dossier.to.returned}
        </Button>
      </div>
      {blocked.map((item) => (
        <div key={item.to}>
          <p className="strong"><Icon name="lock" /> {t.dossier.to[item.to]}</p>
          <Blockers items={item.blocked} dossier={dossier} />
        </div>
      ))}
    </section>
  );
}

interface ConfirmProps {
  dossier: Dossier;
  draft: DecisionDraft;
  busy: boolean;
  onConfirm(): void;
  onBack(): void;
}

/* The second question, with the consequence in words. */
export function ConfirmDecision({ dossier, draft, busy, onConfirm, onBack }: ConfirmProps) {
  const { t, date } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const words = {
    approved: { ask: t.dossier.askApprove, sign: t.dossier.signApprove },
    refused: { ask: t.dossier.askRefuse, sign: t.dossier.signRefuse },
    returned: { ask: t.dossier.askReturn, sign: t.dossier.signReturn },
  }[draft.to ?? 'returned'];
  return (
    <section className={`panel stack confirm confirm-${draft.to}`} aria-labelledby="hoi-lai-h">
      <h2 id="hoi-lai-h" ref={heading} tabIndex={-1}>{words.ask}</h2>
      {draft.to === 'approved' && (
        <>
          <p>{t.dossier.consequenceApprove(draft.number, date(draft.date))}</p>
          {dossier.systems.map((row) => (
            <p key={row.system.id} className="strong">{t.dossier.consequenceLevel(row.system.name, row.proposed_level)}</p>
          ))}
        </>
      )}
      {draft.to === 'refused' && <p>{t.dossier.consequenceRefuse}</p>}
      {draft.to === 'returned' && <p>{t.dossier.consequenceReturn}</p>}
      {draft.reason.trim() !== '' && <p className="pre">{t.common.reason}: {draft.reason}</p>}
      <div className="row">
        <Button className={draft.to === 'refused' ? 'danger' : ''} variant={draft.to === 'refused' ? 'default' : 'filled'}
          loading={busy} onClick={onConfirm}>
          {words.sign}
        </Button>
        <Button variant="default" disabled={busy} onClick={onBack}>{t.dossier.notYet}</Button>
      </div>
    </section>
  );
}
