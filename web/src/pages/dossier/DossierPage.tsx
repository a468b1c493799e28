import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { dossierQuery, useLabels, useMay } from '../../api/queries';
import type { Dossier } from '../../api/types';
import { Clock } from '../../components/Clock';
import { Gate } from '../../components/Gate';
import { Icon } from '../../components/Icon';
import { LevelBadge } from '../../components/LevelBadge';
import { Notice } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { DossierMark } from '../../components/StateMark';
import { useWords } from '../../i18n';
import { AuthorityPanel } from './AuthorityPanel';
import { DossierChanges } from './DossierChanges';
import { DossierItems } from './DossierItems';
import { DossierLevels } from './DossierLevels';
import { DecisionView, Opinions, Timeline } from './DossierRecord';
import './dossier.css';
import { Blockers, TransitionPanel } from './TransitionPanel';

export function DossierPage() {
  const { id = '' } = useParams();
  return <Gate query={useQuery(dossierQuery(id))}>{(loaded) => <DossierThing key={id} loaded={loaded} />}</Gate>;
}

const EDITABLE = ['draft', 'returned'];

function DossierThing({ loaded }: { loaded: Tagged<Dossier> }) {
  const { t } = useWords();
  const may = useMay();
  const dossier = loaded.data;
  const [done, setDone] = useState<string | null>(null);
  const editable = EDITABLE.includes(dossier.state) && may('dossier.prepare');
  return (
    <article className="stack">
      <DossierHeader dossier={dossier} title={t.dossier.title(dossier.code)} />
      <div role="status">
        {done !== null && <Notice tone="good">{t.dossier.done[done]}</Notice>}
      </div>
      <div className="thing">
        <div className="thing-sections">
          {dossier.state === 'returned' && <WhyReturned dossier={dossier} />}
          <TransitionPanel loaded={loaded} onDone={setDone} />
          <AuthorityPanel dossier={dossier} />
          {EDITABLE.includes(dossier.state) && <Missing dossier={dossier} />}
          <DossierLevels loaded={loaded} editable={editable} />
          <DossierItems loaded={loaded} editable={editable} />
          <DossierChanges dossier={dossier} />
          <Opinions dossier={dossier} />
          <DecisionView dossier={dossier} />
          <Timeline dossier={dossier} />
        </div>
        <Aside dossier={dossier} />
      </div>
    </article>
  );
}

export function DossierHeader({ dossier, title }: { dossier: Dossier; title: string }) {
  const { t } = useWords();
  return (
    <header className="thing-head">
      <div className="spread">
        <div className="grow stack-s">
          <PageTitle title={title} />
          <p>
            {dossier.first_system.name}
            {dossier.systems_count > 1 && <span className="muted"> {t.dossier.systemsMore(dossier.systems_count - 1)}</span>}
          </p>
        </div>
        <Button className="no-print" variant="default" leftSection={<Icon name="print" />} onClick={() => window.print()}>
          {t.common.print}
        </Button>
      </div>
      <div className="row">
        <LevelBadge large level={dossier.level} kind={dossier.state === 'approved' ? 'approved' : 'proposed'} />
        <DossierMark status={dossier.status} state={dossier.state} />
        <Clock of={dossier} withArticle />
      </div>
    </header>
  );
}

/* What the appraiser asks for comes before everything else. */
function WhyReturned({ dossier }: { dossier: Dossier }) {
  const { t, moment } = useWords();
  const event = dossier.events.filter((one) => one.to_state === 'returned').at(-1);
  return event !== undefined && (
    <Notice tone="warn" title={t.dossier.reasonFor.returned!}>
      <p className="pre">{event.reason}</p>
      <p className="small muted">{event.actor_name}, {moment(event.at)}</p>
    </Notice>
  );
}

function Missing({ dossier }: { dossier: Dossier }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="thieu-h">
      <h2 id="thieu-h">{t.dossier.missing}</h2>
      {dossier.missing.length === 0
        ? <Notice tone="good">{t.dossier.missingNone}</Notice>
        : (
          <Notice tone="warn" title={t.dossier.missingCount(dossier.missing.length)}>
            <Blockers items={dossier.missing} dossier={dossier} />
          </Notice>
        )}
    </section>
  );
}

function Aside({ dossier }: { dossier: Dossier }) {
  const { t, moment } = useWords();
  const label = useLabels();
  return (
    <aside aria-label={t.common.details}>
      <section>
        <h2>{t.common.deadline}</h2>
        <Clock of={dossier} withArticle />
        {dossier.step !== null && <p className="small muted">{t.dossier.step}: {label(GROUPS.step, dossier.step)}</p>}
      </section>
      <section>
        <h2>{t.dossier.people}</h2>
        <p className="small muted">{t.common.operator}</p>
        <p><Link to={`/to-chuc/${dossier.operator.id}`}>{dossier.operator.name}</Link></p>
        <p className="small muted">{t.common.governing}</p>
        <p><Link to={`/to-chuc/${dossier.governing.id}`}>{dossier.governing.name}</Link></p>
        <p className="small muted">{t.dossier.approveParty}</p>
        <p>{label(GROUPS.party, dossier.approve_party)}</p>
        <p className="small muted">{t.dossier.preparedBy}</p>
        <p>{dossier.prepared_by}</p>
      </section>
      <section>
        <h2>{t.dossier.dates}</h2>
        <p><span className="small muted">{t.common.createdAt}</span><br />{moment(dossier.created_at)}</p>
        {dossier.submitted_at !== null && (
          <p><span className="small muted">{t.dossier.submittedAt}</span><br />{moment(dossier.submitted_at)}</p>
        )}
        <p><span className="small muted">{t.dossier.submissions}</span><br />{dossier.submissions}</p>
      </section>
    </aside>
  );
}
