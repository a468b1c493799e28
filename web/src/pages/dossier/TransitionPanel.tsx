/* The next steps: those one may take as actions, the others with the reason why not. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Tagged } from '../../api/client';
import { dossierTransitionsQuery } from '../../api/queries';
import type { Blocker, Dossier, DossierTransition, Transition } from '../../api/types';
import { ErrorSummary, goToField } from '../../components/ErrorSummary';
import { TextField } from '../../components/Fields';
import { FocusedHeading } from '../../components/FocusedHeading';
import { Icon } from '../../components/Icon';
import { stateIcon } from '../../components/StateMark';
import { useWords } from '../../i18n';
import { useTransition } from './useTransition';

const APPRAISAL = ['received', 'appraised'];
const APPROVAL = ['approved', 'refused'];

/* The page on which a step is a task of its own; null when it is taken right here. */
function taskOf(dossier: Dossier, to: string): string | null {
  if (APPROVAL.includes(to) || (to === 'returned' && dossier.state === 'appraised')) {
    return `/ho-so/${dossier.id}/phe-duyet`;
  }
  if (APPRAISAL.includes(to) || to === 'returned') {
    return `/ho-so/${dossier.id}/tham-dinh`;
  }
  return null;
}

function actionName(dossier: Dossier, to: string, words: ReturnType<typeof useWords>): string {
  const { t } = words;
  const task = taskOf(dossier, to);
  if (task?.endsWith('/phe-duyet')) {
    return t.dossier.approve;
  }
  return task === null ? t.dossier.to[to] ?? to : t.dossier.appraise;
}

export function TransitionPanel({ loaded, onDone }: { loaded: Tagged<Dossier>; onDone(to: string): void }) {
  const words = useWords();
  const { t } = words;
  const dossier = loaded.data;
  const list = useQuery(dossierTransitionsQuery(dossier.id)).data;
  const [open, setOpen] = useState<string | null>(null);
  const items = list?.items ?? [];
  const allowed = items.filter((item) => item.allowed);
  const incomplete = dossier.missing.length > 0 && items.some((item) => item.to === 'submitted' && !item.allowed);
  const blocked = items.filter((item) =>
    !item.allowed && item.blocked.length > 0 && !(incomplete && item.to === 'submitted'));
  const tasks = new Map(allowed.flatMap((item) => {
    const task = taskOf(dossier, item.to);
    return task === null ? [] : [[task, item.to] as const];
  }));
  const here = allowed.filter((item) => taskOf(dossier, item.to) === null);
  const chosen = here.find((item) => item.to === open);
  if (list !== undefined && items.length === 0) {
    return null;
  }

  return (
    <section className="panel stack no-print" aria-labelledby="buoc-h">
      <h2 id="buoc-h">{t.dossier.nextAction}</h2>
      {list !== undefined && allowed.length === 0 && <p className="muted">{t.dossier.nothingToDo}</p>}
      {incomplete && (
        <p>
          <Icon name="lock" /> <span className="strong">{t.dossier.to.submitted}:</span>{' '}
          <a href="#thieu-h">{t.dossier.missingCount(dossier.missing.length)}</a>
        </p>
      )}
      {allowed.length > 0 && chosen === undefined && (
        <div className="row">
          {[...tasks].map(([task, to]) => (
            <Button key={task} component={Link} to={task} leftSection={<Icon name={stateIcon(to)} />}>
              {actionName(dossier, to, words)}
            </Button>
          ))}
          {here.map((item) => (
            <Button key={item.to} variant={item.to === 'withdrawn' ? 'default' : 'filled'}
              leftSection={<Icon name={stateIcon(item.to)} />} onClick={() => setOpen(item.to)}>
              {t.dossier.to[item.to] ?? item.to}
            </Button>
          ))}
        </div>
      )}
      {chosen !== undefined && (
        <TakeStep loaded={loaded} item={chosen} onCancel={() => setOpen(null)} onDone={() => {
          setOpen(null);
          onDone(chosen.to);
        }} />
      )}
      {blocked.length > 0 && (
        <details>
          <summary>{t.dossier.blocked} ({blocked.length})</summary>
          <ul className="plain stack-s blocked">
            {blocked.map((item) => (
              <li key={item.to}>
                <p className="strong"><Icon name="lock" /> {t.dossier.to[item.to] ?? item.to}</p>
                <Blockers items={item.blocked} dossier={dossier} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

export function Blockers({ items, dossier }: { items: Blocker[]; dossier: Dossier }) {
  const { t, text } = useWords();
  const navigate = useNavigate();
  return (
    <ul className="blockers">
      {items.map((blocker, index) => {
        const item = /^\/items\/([^/]+)/.exec(blocker.pointer ?? '')?.[1];
        const wanted = item === undefined ? undefined
          : dossier.items[Number(item)]?.item ?? item;
        return (
          <li key={blocker.code + String(index)}>
            {text(blocker.text)}
            {blocker.basis !== null && <span className="small muted"> ({blocker.basis})</span>}
            {wanted !== undefined && (
              <>
                {' '}
                <button type="button" className="link-button" onClick={() => {
                  void navigate({ hash: `muc-${wanted}` }, { preventScrollReset: true });
                  goToField(`/items/${wanted}/content`);
                }}>
                  {t.dossier.goToItem}
                </button>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface TakeProps {
  loaded: Tagged<Dossier>;
  item: Transition;
  onCancel(): void;
  onDone(): void;
}

function TakeStep({ loaded, item, onCancel, onDone }: TakeProps) {
  const { t } = useWords();
  const taking = useTransition(loaded);
  const [reason, setReason] = useState('');
  const asksReason = item.needs.includes('reason');

  async function submit(event: FormEvent) {
    if (!taking.accepts(event, [asksReason && reason.trim() === '' && { pointer: '/reason', message: t.dossier.needReasons }])) {
      return;
    }
    const change: DossierTransition = { to: item.to as DossierTransition['to'] };
    if (await taking.take(asksReason ? { ...change, reason } : change)) {
      onDone();
    }
  }

  return (
    <form className="stack measure" noValidate onSubmit={(event) => void submit(event)}>
      <FocusedHeading level={3}>{t.dossier.to[item.to] ?? item.to}</FocusedHeading>
      <p>{t.dossier.what[item.to]}</p>
      <ErrorSummary failure={taking.failure} />
      {asksReason && (
        <TextField pointer="/reason" label={t.dossier.reasonFor[item.to] ?? t.common.reason} rows={3} maxLength={4000}
          value={reason} error={taking.at('/reason')} onChange={setReason} />
      )}
      <div className="row">
        <Button type="submit" loading={taking.busy}>{t.dossier.to[item.to] ?? t.dossier.confirm}</Button>
        <Button variant="default" onClick={onCancel}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
