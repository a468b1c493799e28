import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { GROUPS } from '../../api/groups';
import { useCodes, useLabels } from '../../api/queries';
import type { AccountRow } from '../../api/types';
import type { Column } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { ListPage, type Filter } from '../../components/ListPage';
import { Empty } from '../../components/Notice';
import { useWords } from '../../i18n';
import { AccountState } from './AccountState';

export function PeopleListPage() {
  const { t, moment } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  const filters: Filter[] = [
    { name: 'role', label: t.account.role, choices: coded(GROUPS.role) },
    { name: 'state', label: t.account.state, choices: coded(GROUPS.accountState) },
    { name: 'organisation_id', label: t.account.organisation, choices: [], hidden: true },
  ];
  const columns: Column<AccountRow>[] = [
    {
      id: 'name', name: t.account.displayName, sort: 'display_name', main: true,
      cell: (row) => (
        <>
          <Link className="row-link" to={`/nguoi-dung/${row.id}`}>{row.display_name}</Link>
          <span className="row-code">{row.username}</span>
        </>
      ),
    },
    { id: 'capacities', name: t.account.capacities, cell: (row) => <Capacities row={row} /> },
    { id: 'state', name: t.account.state, cell: (row) => <AccountState state={row.state} /> },
    { id: 'email', name: t.account.email, extra: true, cell: (row) => row.email || '—' },
    { id: 'created', name: t.common.createdAt, extra: true, cell: (row) => moment(row.created_at) },
  ];
  const add = (
    <Button component={Link} to="/nguoi-dung/moi" leftSection={<Icon name="plus" />}>{t.account.invite}</Button>
  );
  return (
    <ListPage<AccountRow> id="people" right="account.admin" title={t.account.list} path="/api/v1/accounts"
      searchHint={t.account.searchHint} columns={columns} filters={filters} defaultSort="display_name"
      rowKey={(row) => row.id} actions={add}
      empty={(
        <Empty title={t.account.emptyTitle}>
          <p className="muted">{t.account.emptyText}</p>
          <div>{add}</div>
        </Empty>
      )} />
  );
}

function Capacities({ row }: { row: AccountRow }) {
  const { t } = useWords();
  const label = useLabels();
  if (row.capacities.length === 0) {
    return <span className="muted">{t.account.noRole}</span>;
  }
  return (
    <ul className="plain">
      {row.capacities.map((one) => (
        <li key={one.role + one.organisation.id}>{label(GROUPS.role, one.role)}, {one.organisation.name}</li>
      ))}
    </ul>
  );
}
