import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { AccountRow } from '../../api/types';
import type { Column } from '../../components/DataTable';
import { ListPage } from '../../components/ListPage';
import { Empty } from '../../components/Notice';
import { useWords } from '../../i18n';

export function AccountListPage() {
  const { t, moment } = useWords();
  const label = useLabels();
  const columns: Column<AccountRow>[] = [
    {
      id: 'username', name: t.account.username, sort: 'username', main: true,
      cell: (row) => <span className="strong">{row.username}</span>,
    },
    { id: 'name', name: t.account.displayName, cell: (row) => row.display_name },
    {
      id: 'capacities', name: t.account.capacities,
      cell: (row) => (
        <ul className="plain">
          {row.capacities.map((one) => (
            <li key={one.role + one.organisation.id}>{label(GROUPS.role, one.role)}, {one.organisation.name}</li>
          ))}
        </ul>
      ),
    },
    { id: 'state', name: t.account.state, cell: (row) => (row.disabled ? t.account.disabled : t.account.active) },
    { id: 'created', name: t.common.createdAt, extra: true, cell: (row) => moment(row.created_at) },
  ];
  return (
    <ListPage<AccountRow> id="accounts" right="account.admin" title={t.account.list} path="/api/v1/accounts" columns={columns} filters={[]}
      defaultSort="username" rowKey={(row) => row.id}
      empty={<Empty title={t.account.emptyTitle}><p className="muted">{t.account.emptyText}</p></Empty>} />
  );
}
