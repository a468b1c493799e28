/* Who serves, heads and acts for which governing body, until when: current, coming and, on request,
 * ended. Administrators record and end. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { GROUPS } from '../../api/groups';
import { listPagesQuery, useLabels, useMay, type ListPath } from '../../api/queries';
import type { Assignment, Delegation } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ChoiceLine } from '../../components/Choices';
import { DataTable, type Column } from '../../components/DataTable';
import { Gate } from '../../components/Gate';
import { Icon } from '../../components/Icon';
import { withValue } from '../../components/listParams';
import { More } from '../../components/More';
import { Empty, Notice, Said } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { AssignmentForm } from './AssignmentForm';
import { DelegationForm } from './DelegationForm';
import { EndRecord, type Ending } from './EndRecord';
import { LapsingLines, useLapsing } from './Lapsing';

export function AuthorityPage() {
  const may = useMay();
  return may('organisation.read') ? <Page /> : <ForbiddenPage right="organisation.read" />;
}

type Task = 'assignment' | 'delegation' | Ending | null;

function Page() {
  const { t } = useWords();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [task, setTask] = useState<Task>(null);
  const [said, setSaid] = useState<string | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  const worked = useRef(false);
  const ended = search.get('het-hieu-luc') === '1';
  const assignments = useRecords<Assignment>('/api/v1/assignments', ended);
  const delegations = useRecords<Delegation>('/api/v1/delegations', ended);
  const lapsing = useLapsing(null);
  const admin = may('authority.admin');
  const ending = task === null || typeof task === 'string' ? null : task;
  /* As it is now: another administrator may have changed it since it was chosen. */
  const present = [...assignments.rows.map(endingOfAssignment), ...delegations.rows.map(endingOfDelegation)]
    .find((one) => one.id === ending?.id) ?? ending;

  /* What was open is gone, and the focus with it: on from where tasks begin. */
  useEffect(() => {
    if (task === null && worked.current) {
      first.current?.focus();
    }
    worked.current = task !== null;
  }, [task]);

  function begin(next: Task) {
    setTask(next);
    setSaid(null);
  }

  function done(text: string | null) {
    setTask(null);
    setSaid(text);
  }

  return (
    <div className="stack">
      <div className="spread">
        <PageTitle title={t.authority.title} />
        {admin && task === null && (
          <div className="row no-print">
            <Button leftSection={<Icon name="plus" />} ref={first} onClick={() => begin('assignment')}>
              {t.authority.newAssignment}
            </Button>
            <Button variant="default" leftSection={<Icon name="plus" />} onClick={() => begin('delegation')}>
              {t.authority.newDelegation}
            </Button>
          </div>
        )}
      </div>
      <p className="muted measure">{t.authority.lead}</p>
      <Said text={said} />
      {task === 'assignment' && <AssignmentForm onDone={() => done(t.authority.recorded)} onCancel={() => done(null)} />}
      {task === 'delegation' && <DelegationForm onDone={() => done(t.authority.recorded)} onCancel={() => done(null)} />}
      {present !== null && (
        <EndRecord key={present.id} of={present} onDone={() => done(t.authority.ended)} onCancel={() => done(null)} />
      )}
      {lapsing.rows.length > 0 && (
        <Notice tone="warn" title={t.authority.lapsing(lapsing.rows.length, lapsing.more)}><LapsingLines rows={lapsing.rows} /></Notice>
      )}
      <div className="no-print choices choices-inline">
        <ChoiceLine kind="checkbox" group="xem" value="het-hieu-luc" label={t.authority.showEnded} checked={ended}
          onChange={(on) => setSearch(withValue(search, 'het-hieu-luc', on ? '1' : ''))} />
      </div>
      <Assignments {...assignments} onEnd={admin && task === null ? begin : null} />
      <Delegations {...delegations} onEnd={admin && task === null ? begin : null} />
    </div>
  );
}

const SHOWN = 50;

function useRecords<Row>(path: ListPath, ended: boolean) {
  const query = useInfiniteQuery(listPagesQuery<Row>(path, {
    state: ended ? undefined : ['current', 'future'], sort: '-valid_from', limit: SHOWN, count: 'none',
  }));
  return { query, rows: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

interface SectionProps<Row> extends ReturnType<typeof useRecords<Row>> {
  onEnd: ((ending: Ending) => void) | null;
}

const endingOfAssignment = (row: Assignment): Ending => ({
  id: row.id, path: 'assignments', version: row.version, document: row.document_number,
  who: row.organisation?.name ?? row.council_name,
});

const endingOfDelegation = (row: Delegation): Ending => ({
  id: row.id, path: 'delegations', version: row.version, document: row.document_number, who: row.organisation.name,
});

interface Dated {
  valid_from: string;
  valid_to: string | null;
  state: 'current' | 'future' | 'ended';
  ended_document: string;
}

function usePeriod(): (row: Dated) => string {
  const { t, date } = useWords();
  return (row) => (row.valid_to === null
    ? t.authority.fromOpen(date(row.valid_from)) : t.authority.fromTo(date(row.valid_from), date(row.valid_to)));
}

function Document({ number, period }: { number: string; period: string }) {
  const { t } = useWords();
  return (
    <>
      {number === '' ? <span className="muted">{t.authority.documentNone}</span> : <span className="document-number">{number}</span>}
      <span className="small muted"><br />{period}</span>
    </>
  );
}

function State({ row }: { row: Dated }) {
  const { t } = useWords();
  const label = useLabels();
  return (
    <span className={row.state === 'ended' ? 'muted' : undefined}>
      {label(GROUPS.recordState, row.state)}
      {row.ended_document !== '' && <span className="small"><br />{t.authority.endedBy(row.ended_document)}</span>}
    </span>
  );
}

function Who({ row }: { row: Assignment }) {
  const { t } = useWords();
  const label = useLabels();
  if (row.kind === 'council') {
    return (
      <>
        <span className="strong">{row.council_name}</span>
        <ul className="plain small muted">
          {row.members.map((one) => (
            <li key={one.account_id}>{one.name}{one.chair && ` (${t.authority.chair})`}</li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <>
      <span className="strong">{row.organisation?.name}</span>
      {row.person !== null && (
        <span className="small muted"><br />{label(GROUPS.authorityPost, row.person.role)}: {row.person.name}</span>
      )}
    </>
  );
}

function Target({ row }: { row: Assignment }) {
  const label = useLabels();
  return row.target === null ? <>—</> : (
    <>
      {label(GROUPS.assignmentTarget, row.target.type)}
      {row.target.code !== null && <> <span className="code">{row.target.code}</span></>}
      <span className="small muted"><br />{row.operator?.name}</span>
    </>
  );
}

function Assignments({ query, rows, onEnd }: SectionProps<Assignment>) {
  const { t } = useWords();
  const label = useLabels();
  const period = usePeriod();
  const columns: Column<Assignment>[] = [
    { id: 'who', name: t.authority.who, main: true, cell: (row) => <Who row={row} /> },
    { id: 'kind', name: t.authority.kind, cell: (row) => label(GROUPS.assignmentKind, row.kind) },
    { id: 'governing', name: t.authority.governing, cell: (row) => row.governing?.name ?? '—' },
    { id: 'target', name: t.authority.target, cell: (row) => <Target row={row} /> },
    { id: 'document', name: t.authority.document, cell: (row) => <Document number={row.document_number} period={period(row)} /> },
    { id: 'state', name: t.authority.state, cell: (row) => <State row={row} /> },
  ];
  if (onEnd !== null) {
    columns.push({
      id: 'end', name: t.authority.actions, cell: (row) => row.kind !== 'head' && row.state !== 'ended' && (
        <button type="button" className="link-button" onClick={() => onEnd(endingOfAssignment(row))}>
          {t.authority.end}<span className="visually-hidden"> {row.document_number}</span>
        </button>
      ),
    });
  }
  return (
    <section className="stack" aria-labelledby="phan-cong-h">
      <h2 id="phan-cong-h">{t.authority.assignments}</h2>
      <Gate query={query} rows={6}>
        {() => rows.length === 0 ? <Empty title={t.authority.assignmentsNone} />
          : <DataTable caption={t.authority.assignments} columns={columns} rows={rows} rowKey={(row) => row.id} />}
      </Gate>
      <More query={query} />
    </section>
  );
}

function usePowers(): (row: Delegation) => string[] {
  const { t } = useWords();
  const label = useLabels();
  return (row) => [...new Set(row.powers.map((one) => one.act))].map((act) =>
    t.authority.power(label(GROUPS.delegationAct, act), row.powers.filter((one) => one.act === act).map((one) => one.level).join(', ')));
}

function Delegations({ query, rows, onEnd }: SectionProps<Delegation>) {
  const { t } = useWords();
  const period = usePeriod();
  const powers = usePowers();
  const columns: Column<Delegation>[] = [
    {
      id: 'who', name: t.authority.delegate, main: true,
      cell: (row) => <><span className="strong">{row.organisation.name}</span><span className="small muted"><br />{t.authority.governing}: {row.governing.name}</span></>,
    },
    {
      id: 'powers', name: t.authority.powers,
      cell: (row) => <ul className="plain">{powers(row).map((one) => <li key={one}>{one}</li>)}</ul>,
    },
    { id: 'scope', name: t.authority.scope, cell: (row) => row.scope },
    { id: 'document', name: t.authority.document, cell: (row) => <Document number={row.document_number} period={period(row)} /> },
    { id: 'state', name: t.authority.state, cell: (row) => <State row={row} /> },
  ];
  if (onEnd !== null) {
    columns.push({
      id: 'end', name: t.authority.actions, cell: (row) => row.state !== 'ended' && (
        <button type="button" className="link-button" onClick={() => onEnd(endingOfDelegation(row))}>
          {t.authority.end}<span className="visually-hidden"> {row.document_number}</span>
        </button>
      ),
    });
  }
  return (
    <section className="stack" aria-labelledby="uy-quyen-h">
      <h2 id="uy-quyen-h">{t.authority.delegations}</h2>
      <Gate query={query} rows={3}>
        {() => rows.length === 0 ? <Empty title={t.authority.delegationsNone} />
          : <DataTable caption={t.authority.delegations} columns={columns} rows={rows} rowKey={(row) => row.id} />}
      </Gate>
      <More query={query} />
    </section>
  );
}
