import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { dossierQuery, dossierTransitionsQuery, useCodes, useLabels } from '../../api/queries';
import type { Dossier, DossierTransition, TransitionList } from '../../api/types';
import { ErrorSummary, type FieldError } from '../../components/ErrorSummary';
import { RadioGroup, TextField, type Choice } from '../../components/Fields';
import { Gate } from '../../components/Gate';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import { DossierChanges } from './DossierChanges';
import { ReadItem } from './DossierItems';
import { SystemLevels } from './DossierLevels';
import { DossierHeader } from './DossierPage';
import { Opinions } from './DossierRecord';
import './dossier.css';
import { Blockers } from './TransitionPanel';
import { useTransition } from './useTransition';

export function AppraisalPage() {
  const { id = '' } = useParams();
  const dossier = useQuery(dossierQuery(id));
  const transitions = useQuery(dossierTransitionsQuery(id));
  return (
    <Gate query={dossier}>
      {(loaded) => (
        <Gate query={transitions}>{(list) => <Appraisal loaded={loaded} list={list} />}</Gate>
      )}
    </Gate>
  );
}

function Appraisal({ loaded, list }: { loaded: Tagged<Dossier>; list: TransitionList }) {
  const { t } = useWords();
  const dossier = loaded.data;
  return (
    <article className="stack">
      <p className="no-print"><Link to={`/ho-so/${dossier.id}`}>{t.dossier.backToDossier}</Link></p>
      <DossierHeader dossier={dossier} title={t.dossier.appraiseTitle(dossier.code)} />
      <div className="task">
        <div className="thing-sections">
          <section aria-labelledby="cap-h">
            <h2 id="cap-h">{t.dossier.systemsAndLevels}</h2>
            <SystemLevels dossier={dossier} />
          </section>
          <DossierChanges dossier={dossier} />
          <section aria-labelledby="muc-h">
            <h2 id="muc-h">{t.dossier.items}</h2>
            {dossier.items.map((item) => <ReadItem key={item.item} item={item} />)}
          </section>
          <Opinions dossier={dossier} />
        </div>
        <Conclusion key={dossier.state} loaded={loaded} list={list} />
      </div>
    </article>
  );
}

type Answer = 'received' | 'suitable' | 'not_suitable' | 'returned';

function Conclusion({ loaded, list }: { loaded: Tagged<Dossier>; list: TransitionList }) {
  const words = useWords();
  const { t } = words;
  const label = useLabels();
  const codes = useCodes();
  const navigate = useNavigate();
  const taking = useTransition(loaded);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [reason, setReason] = useState('');
  const [method, setMethod] = useState<string | null>(null);
  const dossier = loaded.data;
  const can = (to: string) => list.items.some((item) => item.to === to && item.allowed);
  const receiving = dossier.state === 'submitted';

  const choices: Choice[] = [
    can('received') && { value: 'received', label: t.dossier.receiveChoice, hint: t.dossier.receiveHint },
    can('appraised') && { value: 'suitable', label: label(GROUPS.conclusion, 'suitable'), hint: t.dossier.suitableHint },
    can('appraised') && { value: 'not_suitable', label: label(GROUPS.conclusion, 'not_suitable'), hint: t.dossier.notSuitableHint },
    can('returned') && dossier.state !== 'appraised'
      && { value: 'returned', label: t.dossier.returnChoice, hint: t.dossier.returnHint },
  ].filter((choice) => choice !== false);

  if (choices.length === 0) {
    const blocked = list.items.filter((item) => ['received', 'appraised'].includes(item.to))
      .flatMap((item) => item.blocked);
    return (
      <section className="panel stack task-side" aria-label={t.dossier.concludeTitle}>
        <Notice title={t.dossier.notYourTurn}>
          {blocked.length > 0 && <Blockers items={blocked} dossier={dossier} />}
        </Notice>
      </section>
    );
  }

  const concluding = answer === 'suitable' || answer === 'not_suitable';
  const asksReason = answer === 'returned' || answer === 'not_suitable';

  function check(): (FieldError | false)[] {
    return [
      answer === null && { pointer: '/conclusion', message: t.dossier.needConclusion },
      concluding && method === null && { pointer: '/method', message: t.dossier.needMethod },
      asksReason && reason.trim() === '' && { pointer: '/reason', message: t.dossier.needReasons },
    ];
  }

  async function submit(event: FormEvent) {
    if (!taking.accepts(event, check()) || answer === null) {
      return;
    }
    const change: DossierTransition = concluding
      ? { to: 'appraised', conclusion: answer, method: method as 'meeting', reason }
      : answer === 'returned' ? { to: 'returned', reason } : { to: 'received' };
    if (await taking.take(change) && change.to !== 'received') {
      await navigate(`/ho-so/${dossier.id}`);
    }
  }

  return (
    <form className="panel stack task-side no-print" noValidate onSubmit={(event) => void submit(event)}
      aria-labelledby="ket-luan-h">
      <h2 id="ket-luan-h">{receiving ? t.dossier.receiveTitle : t.dossier.concludeTitle}</h2>
      {receiving && <p>{t.dossier.receiveText}</p>}
      <ErrorSummary failure={taking.failure} />
      <RadioGroup pointer="/conclusion" legend={receiving ? t.dossier.receiveTitle : t.dossier.concludeAsk}
        error={taking.at('/conclusion')} choices={choices} value={answer}
        onChange={(value) => setAnswer(value as Answer)} />
      {concluding && (
        <RadioGroup pointer="/method" legend={t.dossier.method} error={taking.at('/method')}
          choices={codes(GROUPS.method).map((code) => ({ value: code, label: label(GROUPS.method, code) }))}
          value={method} onChange={setMethod} />
      )}
      {(concluding || asksReason) && (
        <TextField pointer="/reason" rows={6} maxLength={4000} value={reason} optional={!asksReason}
          label={answer === 'returned' ? t.dossier.reasonFor.returned! : t.dossier.reasonFor.appraised!}
          error={taking.at('/reason')} onChange={setReason} />
      )}
      <p className="small muted">
        {answer === null ? '' : t.dossier.what[concluding ? 'appraised' : answer]}
      </p>
      <div>
        <Button type="submit" loading={taking.busy}>
          {answer === 'returned' ? t.dossier.to.returned : answer === 'received' ? t.dossier.to.received
            : t.dossier.sendConclusion}
        </Button>
      </div>
    </form>
  );
}
