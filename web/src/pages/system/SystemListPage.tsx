import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { GROUPS } from '../../api/groups';
import { rulesetsQuery, useCodes, useLabels, useMay } from '../../api/queries';
import type { SystemRow } from '../../api/types';
import type { Column } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { LevelBadge } from '../../components/LevelBadge';
import { ListPage, type Filter } from '../../components/ListPage';
import { Empty } from '../../components/Notice';
import { StatusMark } from '../../components/StateMark';
import { useWords } from '../../i18n';

export function SystemLevel({ row }: { row: SystemRow }) {
  return row.approved_level === null
    ? <LevelBadge level={row.computed_level} atLeast={row.at_least} kind="computed" />
    : <LevelBadge level={row.approved_level} kind="approved" />;
}

export function useSystemFilters(): Filter[] {
  const { t, text } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const rulesets = useQuery(rulesetsQuery).data ?? [];
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  return [
    {
      name: 'level', label: t.common.level,
      choices: [
        ...[1, 2, 3, 4, 5].map((level) => ({ value: String(level), label: t.common.levelN(level) })),
        { value: 'none', label: t.system.noLevel },
      ],
    },
    { name: 'approval_status', label: t.common.status, choices: coded(GROUPS.approvalStatus) },
    { name: 'life_cycle', label: t.system.lifeCycle, choices: coded(GROUPS.lifeCycle) },
    { name: 'plan_status', label: t.system.planShort, choices: coded(GROUPS.planStatus) },
    { name: 'ruleset', label: t.common.ruleset, choices: rulesets.map((row) => ({ value: row.id, label: text(row.title) })) },
    { name: 'operator_id', label: t.common.operator, choices: [], hidden: true },
    { name: 'governing_id', label: t.common.governing, choices: [], hidden: true },
    { name: 'updated_at__gte', label: t.common.updatedAt, choices: [], hidden: true },
  ];
}

export function SystemListPage() {
  const { t, date } = useWords();
  const label = useLabels();
  const may = useMay();
  const filters = useSystemFilters();
  const columns: Column<SystemRow>[] = [
    {
      id: 'name', name: t.system.name, sort: 'name', main: true,
      cell: (row) => (
        <>
          <Link className="row-link" to={`/he-thong/${row.id}`}>{row.name}</Link>
          <span className="row-code">{row.code}</span>
        </>
      ),
    },
    { id: 'level', name: t.common.level, sort: 'level', cell: (row) => <SystemLevel row={row} /> },
    { id: 'status', name: t.common.status, cell: (row) => <StatusMark status={row.approval_status} /> },
    { id: 'operator', name: t.common.operator, cell: (row) => row.operator.name },
    { id: 'governing', name: t.common.governing, cell: (row) => row.governing.name, extra: true },
    {
      id: 'plan', name: t.system.planShort, extra: true,
      cell: (row) => label(GROUPS.planStatus, row.plan_status),
    },
    { id: 'cycle', name: t.system.lifeCycle, extra: true, cell: (row) => label(GROUPS.lifeCycle, row.life_cycle) },
    { id: 'approved', name: t.system.approvedOn, extra: true, cell: (row) => date(row.approved_on) },
    { id: 'updated', name: t.common.updatedAt, sort: 'updated_at', cell: (row) => date(row.updated_at) },
  ];
  const register = may('system.write') && (
    <Button component={Link} to="/he-thong/moi" leftSection={<Icon name="plus" />}>{t.system.register}</Button>
  );
  return (
    <ListPage<SystemRow> id="systems" right="system.read" title={t.system.list} path="/api/v1/systems" columns={columns}
      filters={filters} defaultSort="-updated_at" rowKey={(row) => row.id} actions={register}
      empty={(
        <Empty title={t.system.emptyTitle}>
          <p className="muted">{may('system.write') ? t.system.emptyText : t.system.emptyRead}</p>
          <div>{register}</div>
        </Empty>
      )} />
  );
}
