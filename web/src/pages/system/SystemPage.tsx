import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from 'react-router';
import { GROUPS } from '../../api/groups';
import { listQuery, systemQuery, useLabels, useMay } from '../../api/queries';
import type { LabelRow, System } from '../../api/types';
import { Gate } from '../../components/Gate';
import { Icon } from '../../components/Icon';
import { LevelBadge } from '../../components/LevelBadge';
import { Notice } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { DossierMark, LabelStateMark, StatusMark } from '../../components/StateMark';
import { useWords } from '../../i18n';
import { SystemHistory } from './SystemHistory';
import { SystemOperations } from './SystemOperations';
import { SystemReasons } from './SystemReasons';

export function SystemPage() {
  const { id = '' } = useParams();
  return <Gate query={useQuery(systemQuery(id))}>{({ data }) => <SystemThing system={data} />}</Gate>;
}

interface Said {
  said?: 'registered' | 'changed';
}

function SystemThing({ system }: { system: System }) {
  const { t } = useWords();
  const may = useMay();
  const said = (useLocation().state as Said | null)?.said;
  const outgrown = system.approved_level !== null
    && Math.max(system.computed_level ?? 0, system.at_least) > system.approved_level;
  return (
    <article className="stack">
      <div role="status">
        {said !== undefined && (
          <Notice tone="good" title={said === 'registered' ? t.system.registeredTitle : t.system.changedTitle}>
            {said === 'registered' && <p>{t.system.registeredText}</p>}
          </Notice>
        )}
      </div>
      <header className="thing-head">
        <p className="code muted">{system.code}</p>
        <div className="spread">
          <div className="grow"><PageTitle title={system.name} /></div>
          <div className="row no-print">
            {may('system.write') && (
              <Button component={Link} to={`/he-thong/${system.id}/sua`} variant="default"
                leftSection={<Icon name="pencil" />}>
                {t.system.editSystem}
              </Button>
            )}
            <Button variant="default" leftSection={<Icon name="print" />} onClick={() => window.print()}>
              {t.common.print}
            </Button>
            <StartDossier system={system} />
          </div>
        </div>
        <div className="row">
          <LevelBadge large level={system.approved_level ?? system.computed_level}
            kind={system.approved_level === null ? 'computed' : 'approved'} atLeast={system.at_least} />
          {system.approved_level !== null && (
            <LevelBadge level={system.computed_level} kind="computed" atLeast={system.at_least} />
          )}
          <StatusMark status={system.approval_status} />
        </div>
        {outgrown && <Notice tone="warn">{t.system.belowApproved}</Notice>}
        <nav className="anchors no-print" aria-label={t.common.details}>
          <a href="#ly-do">{t.system.reasons}</a>
          <a href="#chung">{t.system.general}</a>
          <a href="#van-hanh">{t.system.operations}</a>
          <a href="#phe-duyet">{t.system.approval}</a>
          <a href="#nhan">{t.system.labels}</a>
          <a href="#lich-su">{t.system.history}</a>
        </nav>
      </header>
      <div className="thing">
        <div className="thing-sections">
          <SystemReasons system={system} />
          <SystemGeneral system={system} />
          <SystemOperations system={system} />
          <Approval system={system} />
          <SystemLabels system={system} />
          <SystemHistory system={system} />
        </div>
        <Aside system={system} />
      </div>
    </article>
  );
}

function StartDossier({ system }: { system: System }) {
  const { t } = useWords();
  const may = useMay();
  if (system.open_dossier !== null) {
    return <Button component={Link} to={`/ho-so/${system.open_dossier.id}`}>{t.system.openDossier}</Button>;
  }
  return may('dossier.prepare') && (
    <Button component={Link} to={`/ho-so/moi?system=${system.id}`}>{t.system.startDossier}</Button>
  );
}

function SystemGeneral({ system }: { system: System }) {
  const { t } = useWords();
  const label = useLabels();
  const rows = [
    [t.system.purpose, system.purpose], [t.system.scope, system.scope],
    [t.system.servedUsers, system.served_users],
    [t.system.lifeCycle, label(GROUPS.lifeCycle, system.life_cycle)],
    [t.system.planStatus, label(GROUPS.planStatus, system.plan_status)],
  ] as const;
  return (
    <section id="chung" aria-labelledby="chung-h">
      <h2 id="chung-h">{t.system.general}</h2>
      <dl className="pairs">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="pre">{value || <span className="muted">{t.common.notGiven}</span>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Approval({ system }: { system: System }) {
  const { t, date } = useWords();
  const decision = system.decision;
  return (
    <section id="phe-duyet" aria-labelledby="phe-duyet-h">
      <h2 id="phe-duyet-h">{t.system.approval}</h2>
      {decision === null ? <p className="muted">{t.system.approvalNone}</p> : (
        <div className="panel stack-s">
          <div><LevelBadge level={system.approved_level} kind="approved" /></div>
          <p><Link to={`/ho-so/${decision.dossier_id}`}>
            {t.system.decisionLine(decision.number, date(decision.decided_on))}
          </Link></p>
          <p className="muted">{t.system.signedBy(decision.signer_name, decision.capacity)}</p>
        </div>
      )}
    </section>
  );
}

function SystemLabels({ system }: { system: System }) {
  const { t, date } = useWords();
  const label = useLabels();
  const may = useMay();
  const query = useQuery({
    ...listQuery<LabelRow>('/api/v1/labels', { system_id: system.id, limit: 20, count: 'none' }),
    enabled: may('label.read'),
  });
  const rows = query.data?.items ?? [];
  return (
    <section id="nhan" aria-labelledby="nhan-h">
      <h2 id="nhan-h">{t.system.labels}</h2>
      {rows.length === 0 ? <p className="muted">{t.system.labelsNone}</p> : (
        <ul className="plain stack-s">
          {rows.map((row) => (
            <li key={row.id} className="row">
              <Link to={`/nhan/${row.id}`}>{row.target}</Link>
              <span>{label(GROUPS.labelGrade, row.grade)}</span>
              <LabelStateMark state={row.state} />
              {row.expires_on !== null && <span className="muted">{t.label.expiresOn}: {date(row.expires_on)}</span>}
            </li>
          ))}
        </ul>
      )}
      {may('label.request') && (
        <p className="no-print"><Link to={`/nhan/moi?system=${system.id}`}>{t.label.request}</Link></p>
      )}
    </section>
  );
}

function Aside({ system }: { system: System }) {
  const { t, moment } = useWords();
  return (
    <aside aria-label={t.common.details}>
      <section>
        <h2>{t.dossier.people}</h2>
        <p className="small muted">{t.common.operator}</p>
        <p><Link to={`/to-chuc/${system.operator.id}`}>{system.operator.name}</Link></p>
        <p className="small muted">{t.common.governing}</p>
        <p><Link to={`/to-chuc/${system.governing.id}`}>{system.governing.name}</Link></p>
      </section>
      <section>
        <h2>{t.system.openDossier}</h2>
        {system.open_dossier === null ? <p className="muted">{t.system.openDossierNone}</p> : (
          <>
            <p><Link to={`/ho-so/${system.open_dossier.id}`}>{system.open_dossier.code}</Link></p>
            <DossierMark status={system.approval_status} state={system.open_dossier.state} />
          </>
        )}
      </section>
      <section>
        <h2>{t.dossier.dates}</h2>
        <p><span className="small muted">{t.common.createdAt}</span><br />{moment(system.created_at)}</p>
        <p><span className="small muted">{t.common.updatedAt}</span><br />{moment(system.updated_at)}</p>
      </section>
    </aside>
  );
}
