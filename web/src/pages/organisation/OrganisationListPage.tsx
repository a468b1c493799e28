import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { GROUPS } from '../../api/groups';
import { organisationCodeQuery, useCodes, useLabels, useMay } from '../../api/queries';
import type { Organisation } from '../../api/types';
import type { Column } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { ListPage, type Filter } from '../../components/ListPage';
import { Empty, Notice } from '../../components/Notice';
import { useWords } from '../../i18n';

export function OrganisationListPage() {
  const { t, moment } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const may = useMay();
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  const filters: Filter[] = [
    { name: 'kind', label: t.organisation.kind, choices: coded(GROUPS.organisationKind) },
    { name: 'status', label: t.organisation.status, choices: coded(GROUPS.organisationStatus) },
    { name: 'parent_id', label: t.organisation.parent, choices: [], hidden: true },
  ];
  const columns: Column<Organisation>[] = [
    {
      id: 'name', name: t.organisation.name, sort: 'name', main: true,
      cell: (row) => (
        <>
          <Link className="row-link" to={`/to-chuc/${row.id}`}>{row.name}</Link>
          <span className="row-code">{row.code}</span>
        </>
      ),
    },
    { id: 'kind', name: t.organisation.kind, cell: (row) => label(GROUPS.organisationKind, row.kind) },
    { id: 'status', name: t.organisation.status, cell: (row) => label(GROUPS.organisationStatus, row.status) },
    { id: 'representative', name: t.organisation.representative, cell: (row) => row.representative || '—' },
    { id: 'updated', name: t.common.updatedAt, extra: true, cell: (row) => moment(row.updated_at) },
  ];
  const add = may('organisation.admin') && (
    <>
      <Button component={Link} to="/to-chuc/moi" leftSection={<Icon name="plus" />}>{t.organisation.add}</Button>
      <Button component={Link} to="/to-chuc/nhap" variant="default" leftSection={<Icon name="received" />}>{t.organisationImport.open}</Button>
    </>
  );
  return (
    <div className="stack">
      <OldCode />
      <ListPage<Organisation> id="organisations" right="organisation.read" title={t.organisation.list} path="/api/v1/organisations"
      columns={columns} filters={filters} defaultSort="name" rowKey={(row) => row.id} actions={add}
      empty={(
        <Empty title={t.organisation.emptyTitle}>
          <p className="muted">{t.organisation.emptyText}</p>
          <div>{add}</div>
        </Empty>
      )} />
    </div>
  );
}

/* Whoever searches for a code that is closed is shown who carries on. */
function OldCode() {
  const { t } = useWords();
  const [search] = useSearchParams();
  const typed = (search.get('q') ?? '').trim();
  const rows = useQuery(organisationCodeQuery(/^[A-Za-z0-9.-]{1,40}$/.test(typed) && /[0-9]/.test(typed) ? typed : '')).data ?? [];
  const past = rows.filter((row) => row.found_by !== undefined && row.found_by.valid_to !== null);
  return past.map((row) => (
    <Notice key={row.id}>
      <p>
        {t.organisationImport.oldCode(row.found_by!.code, row.found_by!.holder.name)}
        {' '}<Link to={`/to-chuc/${row.id}`}>{row.name}</Link>
      </p>
    </Notice>
  ));
}
