import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { GROUPS } from '../../api/groups';
import { rulesetsQuery, useCodes, useLabels, useMay } from '../../api/queries';
import type { DossierRow } from '../../api/types';
import { Clock } from '../../components/Clock';
import type { Column } from '../../components/DataTable';
import { LevelBadge } from '../../components/LevelBadge';
import { ListPage, type Filter } from '../../components/ListPage';
import { Empty } from '../../components/Notice';
import { DossierMark } from '../../components/StateMark';
import { useWords } from '../../i18n';

function useFilters(): Filter[] {
  const { t, text } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const rulesets = useQuery(rulesetsQuery).data ?? [];
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  return [
    { name: 'waiting_for', label: t.dossier.waitingForMe, choices: [{ value: 'me', label: t.common.yes }] },
    { name: 'state', label: t.common.state, choices: coded(GROUPS.dossierState) },
    {
      name: 'level', label: t.common.level,
      choices: [1, 2, 3, 4, 5].map((level) => ({ value: String(level), label: t.common.levelN(level) })),
    },
    { name: 'step', label: t.dossier.step, choices: coded(GROUPS.step) },
    { name: 'overdue', label: t.dossier.overdue, choices: [{ value: 'true', label: t.dossier.overdueOnly }] },
    { name: 'ruleset', label: t.common.ruleset, choices: rulesets.map((row) => ({ value: row.id, label: text(row.title) })) },
    { name: 'operator_id', label: t.common.operator, choices: [], hidden: true },
    { name: 'governing_id', label: t.common.governing, choices: [], hidden: true },
    { name: 'system_id', label: t.dossier.system, choices: [], hidden: true },
    { name: 'due_on__lte', label: t.dossier.dueBy, choices: [], hidden: true },
    { name: 'due_on__gte', label: t.dossier.dueFrom, choices: [], hidden: true },
  ];
}

export function DossierListPage() {
  const { t, moment } = useWords();
  const label = useLabels();
  const may = useMay();
  const columns: Column<DossierRow>[] = [
    {
      id: 'system', name: t.dossier.system, main: true,
      cell: (row) => (
        <>
          <Link className="row-link" to={`/ho-so/${row.id}`}>{row.first_system.name}</Link>
          {row.systems_count > 1 && <span className="small muted"> {t.dossier.systemsMore(row.systems_count - 1)}</span>}
          <span className="row-code">{row.code}</span>
        </>
      ),
    },
    {
      id: 'level', name: t.common.level,
      cell: (row) => <LevelBadge level={row.level} kind={row.state === 'approved' ? 'approved' : 'proposed'} />,
    },
    { id: 'state', name: t.common.status, cell: (row) => <DossierMark status={row.status} state={row.state} /> },
    { id: 'due', name: t.common.deadline, sort: 'due_on', cell: (row) => <Clock of={row} brief /> },
    { id: 'operator', name: t.common.operator, cell: (row) => row.operator.name },
    { id: 'governing', name: t.common.governing, extra: true, cell: (row) => row.governing.name },
    { id: 'party', name: t.dossier.approveParty, extra: true, cell: (row) => label(GROUPS.party, row.approve_party) },
    {
      id: 'submitted', name: t.dossier.submittedAt, extra: true,
      cell: (row) => (row.submitted_at === null ? '—' : moment(row.submitted_at)),
    },
    { id: 'submissions', name: t.dossier.submissions, extra: true, number: true, cell: (row) => row.submissions },
    { id: 'updated', name: t.common.updatedAt, sort: 'updated_at', extra: true, cell: (row) => moment(row.updated_at) },
  ];
  return (
    <ListPage<DossierRow> id="dossiers" right="dossier.read" title={t.dossier.list} path="/api/v1/dossiers" columns={columns}
      filters={useFilters()} defaultSort="-updated_at" rowKey={(row) => row.id}
      empty={(
        <Empty title={t.dossier.emptyTitle}>
          <p className="muted">{may('dossier.prepare') ? t.dossier.emptyText : t.dossier.emptyRead}</p>
          {may('dossier.prepare') && <p><Link to="/he-thong">{t.home.allSystems}</Link></p>}
        </Empty>
      )} />
  );
}
