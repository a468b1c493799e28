import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listQuery, useMay, useMe } from '../../api/queries';
import type { DossierRow, SystemRow } from '../../api/types';
import { Clock } from '../../components/Clock';
import { Gate } from '../../components/Gate';
import { Icon, type IconName } from '../../components/Icon';
import { LevelBadge } from '../../components/LevelBadge';
import { Empty } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { DossierMark } from '../../components/StateMark';
import { useWords } from '../../i18n';
import { Lapsing } from '../authority/Lapsing';
import { keptDrafts } from '../system/draftStore';
import './home.css';

const WAITING = { waiting_for: 'me', sort: 'due_on', limit: 50, count: 'bounded' };

export function HomePage() {
  const { t } = useWords();
  const may = useMay();
  return (
    <div className="stack-l">
      <PageTitle title={t.home.title} />
      <NoRole />
      <Lapsing />
      {may('dossier.read') && <WaitingForMe />}
      {may('dossier.prepare') && <Drafts />}
      <LocalDrafts />
      {may('system.write') && <FirstStep />}
      <Shortcuts />
    </div>
  );
}

function NoRole() {
  const { t } = useWords();
  const me = useMe();
  return me?.capacities.length === 0 && (
    <Empty title={t.home.noRole}>
      <p>{t.home.noRoleText}</p>
      <p><Link to="/tai-khoan-cua-toi">{t.me.title}</Link></p>
    </Empty>
  );
}

function WaitingForMe() {
  const { t, number } = useWords();
  const query = useQuery(listQuery<DossierRow>('/api/v1/dossiers', WAITING));
  return (
    <section className="stack" aria-labelledby="cho-h">
      <h2 id="cho-h">
        {t.home.waiting}
        {query.data !== undefined && <span className="count"> {number(query.data.count.value)}</span>}
      </h2>
      <Gate query={query} rows={3}>
        {({ items }) => items.length === 0 ? (
          <Empty title={t.home.waitingNone}><p className="muted">{t.home.waitingNoneText}</p></Empty>
        ) : <DossierLines rows={items} />}
      </Gate>
    </section>
  );
}

function DossierLines({ rows }: { rows: DossierRow[] }) {
  const { t } = useWords();
  return (
    <ul className="plain work">
      {rows.map((row) => (
        <li key={row.id}>
          <div className="grow stack-s">
            <Link className="row-link" to={`/ho-so/${row.id}`}>{row.first_system.name}</Link>
            <p className="small muted">
              <span className="code">{row.code}</span> · {row.operator.name}
              {row.systems_count > 1 && <> · {t.dossier.systemsMore(row.systems_count - 1)}</>}
            </p>
          </div>
          <LevelBadge level={row.level} kind={row.state === 'approved' ? 'approved' : 'proposed'} />
          <div className="work-state"><DossierMark status={row.status} state={row.state} /></div>
          <div className="work-clock"><Clock of={row} brief /></div>
        </li>
      ))}
    </ul>
  );
}

/* Drafts that are not already named above as waiting for me. */
function Drafts() {
  const { t } = useWords();
  const waiting = useQuery(listQuery<DossierRow>('/api/v1/dossiers', WAITING)).data?.items ?? [];
  const query = useQuery(listQuery<DossierRow>('/api/v1/dossiers', {
    state: ['draft', 'returned'], sort: '-updated_at', limit: 20, count: 'none',
  }));
  const rows = (query.data?.items ?? []).filter((row) => !waiting.some((one) => one.id === row.id));
  return rows.length > 0 && (
    <section className="stack" aria-labelledby="thao-h">
      <h2 id="thao-h">{t.home.drafts}</h2>
      <DossierLines rows={rows} />
    </section>
  );
}

function LocalDrafts() {
  const { t, time, date } = useWords();
  const me = useMe();
  const kept = me === null ? [] : keptDrafts(me.id);
  return kept.length > 0 && (
    <section className="stack" aria-labelledby="nhap-h">
      <h2 id="nhap-h">{t.home.localDrafts}</h2>
      <ul className="plain work">
        {kept.map((one) => (
          <li key={one.id}>
            <span className="grow strong">{one.draft.name || t.home.untitled}</span>
            <span className="muted">{t.common.saved(`${time(one.savedAt)} ${date(one.savedAt)}`)}</span>
            <Link to={one.id === 'new' ? '/he-thong/moi' : `/he-thong/${one.id}/sua`}>{t.home.continueDraft}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/* Whoever has registered nothing yet is shown where to begin. */
function FirstStep() {
  const { t } = useWords();
  const query = useQuery(listQuery<SystemRow>('/api/v1/systems', { limit: 1, count: 'none' }));
  return query.data?.items.length === 0 && (
    <Empty title={t.home.firstTitle}>
      <p>{t.home.firstText}</p>
      <div><Button component={Link} to="/he-thong/moi">{t.home.register}</Button></div>
    </Empty>
  );
}

interface Shortcut {
  to: string;
  icon: IconName;
  name: string;
  text: string;
  show: boolean;
}

function Shortcuts() {
  const { t } = useWords();
  const may = useMay();
  const all = ([
    { to: '/he-thong/moi', icon: 'plus', name: t.home.register, text: t.home.registerText, show: may('system.write') },
    { to: '/he-thong', icon: 'system', name: t.home.allSystems, text: t.home.allSystemsText, show: may('system.read') },
    { to: '/ho-so?overdue=true&sort=due_on', icon: 'late', name: t.home.overdue, text: t.home.overdueText, show: may('dossier.read') },
    { to: '/nhan/moi', icon: 'seal', name: t.home.label, text: t.home.labelText, show: may('label.request') },
    { to: '/so-lieu', icon: 'chart', name: t.home.figures, text: t.home.figuresText, show: may('stats.read') },
    { to: '/phan-cong', icon: 'mandate', name: t.authority.open, text: t.authority.openText, show: may('organisation.read') },
    { to: '/nguoi-dung', icon: 'people', name: t.home.accounts, text: t.home.accountsText, show: may('account.admin') },
  ] as Shortcut[]).filter((one) => one.show);
  return all.length > 0 && (
    <section className="stack" aria-labelledby="loi-h">
      <h2 id="loi-h">{t.home.shortcuts}</h2>
      <ul className="plain shortcuts">
        {all.map((one) => (
          <li key={one.to}>
            <Link to={one.to}>
              <Icon name={one.icon} />
              <span><span className="strong">{one.name}</span><br /><span className="small muted">{one.text}</span></span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
