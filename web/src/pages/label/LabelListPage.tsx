import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { GROUPS } from '../../api/groups';
import { useCodes, useLabels, useMay } from '../../api/queries';
import type { LabelRow } from '../../api/types';
import type { Column } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { ListPage, type Filter } from '../../components/ListPage';
import { Empty } from '../../components/Notice';
import { LabelStateMark } from '../../components/StateMark';
import { useWords } from '../../i18n';

export function LabelListPage() {
  const { t, date, moment } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const may = useMay();
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  const filters: Filter[] = [
    { name: 'state', label: t.common.state, choices: coded(GROUPS.labelState) },
    { name: 'grade', label: t.label.grade, choices: coded(GROUPS.labelGrade) },
    { name: 'type', label: t.label.type, choices: coded(GROUPS.labelType) },
    { name: 'operator_id', label: t.common.operator, choices: [], hidden: true },
    { name: 'system_id', label: t.dossier.system, choices: [], hidden: true },
    { name: 'expires_on__gte', label: t.label.expiresFrom, choices: [], hidden: true },
    { name: 'expires_on__lte', label: t.label.expiresBy, choices: [], hidden: true },
  ];
  const columns: Column<LabelRow>[] = [
    {
      id: 'target', name: t.label.target, sort: 'target', main: true,
      cell: (row) => (
        <>
          <Link className="row-link" to={`/nhan/${row.id}`}>{row.target}</Link>
          <span className="row-code">{row.code}</span>
        </>
      ),
    },
    { id: 'grade', name: t.label.grade, cell: (row) => label(GROUPS.labelGrade, row.grade) },
    { id: 'state', name: t.common.state, cell: (row) => <LabelStateMark state={row.state} /> },
    { id: 'operator', name: t.common.operator, cell: (row) => row.operator.name },
    { id: 'expires', name: t.label.expiresOn, sort: 'expires_on', cell: (row) => date(row.expires_on) },
    { id: 'type', name: t.label.type, extra: true, cell: (row) => label(GROUPS.labelType, row.type) },
    { id: 'issuer', name: t.label.issuer, extra: true, cell: (row) => row.issuer || '—' },
    { id: 'granted', name: t.label.grantedOn, extra: true, cell: (row) => date(row.granted_on) },
    { id: 'updated', name: t.common.updatedAt, sort: 'updated_at', extra: true, cell: (row) => moment(row.updated_at) },
  ];
  const request = may('label.request') && (
    <Button component={Link} to="/nhan/moi" leftSection={<Icon name="plus" />}>{t.label.request}</Button>
  );
  return (
    <ListPage<LabelRow> id="labels" right="label.read" title={t.label.list} path="/api/v1/labels" columns={columns} filters={filters}
      defaultSort="-updated_at" rowKey={(row) => row.id} actions={request}
      empty={(
        <Empty title={t.label.emptyTitle}>
          <p className="muted">{may('label.request') ? t.label.emptyText : t.label.emptyRead}</p>
          <div>{request}</div>
        </Empty>
      )} />
  );
}
