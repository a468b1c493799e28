import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { GROUPS } from '../../api/groups';
import { listQuery, useCodes, useLabels, useMay } from '../../api/queries';
import type { SecurityEvent } from '../../api/types';
import type { Column } from '../../components/DataTable';
import { ListPage, type Filter } from '../../components/ListPage';
import { toQuery, withFilter } from '../../components/listParams';
import { Empty } from '../../components/Notice';
import { useWords } from '../../i18n';
import { startOfDay } from '../../i18n/format';
import { EventName, OutcomeMark } from './EventText';
import './security.css';

const PATH = '/api/v1/security-events';
const SORT = '-at';
const PERIODS = [7, 30, 90];

/* Who it was when no account is named. */
const NOBODY: Record<string, 'unknownName' | 'server'> = {
  'session.sign_in': 'unknownName', 'log.overflow': 'server',
};

function useFilters(): Filter[] {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  const periods = [0, ...PERIODS].map((days) => ({
    value: startOfDay(days), label: days === 0 ? t.security.today : t.security.lastDays(days),
  }));
  return [
    { name: 'kind', label: t.security.event, choices: coded(GROUPS.securityKind) },
    { name: 'outcome', label: t.security.outcome, choices: coded(GROUPS.securityOutcome) },
    { name: 'at__gte', label: t.security.period, choices: periods, single: true },
    { name: 'at__lte', label: t.security.until, choices: [], hidden: true },
    { name: 'account_id', label: t.security.who, choices: [], hidden: true },
    { name: 'subject_id', label: t.security.subject, choices: [], hidden: true },
  ];
}

/* The names behind the ids that are filtered by, from the rows that the filter let through. */
function useNamed(filters: Filter[]): Filter[] {
  const [search] = useSearchParams();
  const may = useMay();
  const rows = useQuery({
    ...listQuery<SecurityEvent>(PATH, toQuery(search, filters.map((filter) => filter.name), SORT)), enabled: may('security_log.read'),
  }).data?.items;
  const named = (name: string) => search.getAll(name).flatMap((value) => {
    const row = rows?.find((one) => (name === 'account_id' ? one.account?.id : one.subject?.id) === value);
    const text = name === 'account_id' ? row?.account?.name : row?.subject?.name;
    return text === undefined ? [] : [{ value, label: text }];
  });
  return filters.map((filter) => (filter.name.endsWith('_id') ? { ...filter, choices: named(filter.name) } : filter));
}

interface OnlyProps {
  parameter: 'account_id' | 'subject_id';
  id: string | null;
  name: string;
}

/* A name that leads to everything of that person or thing. */
function Only({ parameter, id, name }: OnlyProps) {
  const { t } = useWords();
  const [search] = useSearchParams();
  if (id === null) {
    return <>{name}</>;
  }
  return (
    <Link to={{ search: withFilter(search, parameter, id, true).toString() }} title={t.security.onlyThis(name)}>{name}</Link>
  );
}

function useColumns(): Column<SecurityEvent>[] {
  const { t, exact } = useWords();
  return [
    { id: 'event', name: t.security.event, main: true, cell: (row) => <EventName event={row} /> },
    { id: 'at', name: t.security.when, sort: 'at', cell: (row) => <span className="nowrap">{exact(row.at)}</span> },
    { id: 'outcome', name: t.security.outcome, cell: (row) => <OutcomeMark outcome={row.outcome} /> },
    {
      id: 'who', name: t.security.who,
      cell: (row) => (row.account === null || row.account.name === '' ? (
        <span className="muted">{t.security[NOBODY[row.kind] ?? 'nobody']}</span>
      ) : <Only parameter="account_id" id={row.account.id} name={row.account.name} />),
    },
    {
      id: 'subject', name: t.security.subject,
      cell: (row) => (row.subject === null ? '—'
        : <Only parameter="subject_id" id={row.subject.id} name={row.subject.name || row.subject.type} />),
    },
    { id: 'from', name: t.security.from, cell: (row) => <span className="code">{row.address || '—'}</span> },
    { id: 'program', name: t.security.program, extra: true, cell: (row) => <span className="long-code">{row.user_agent || '—'}</span> },
    { id: 'request', name: t.security.request, extra: true, cell: (row) => <span className="long-code">{row.request_id || '—'}</span> },
    { id: 'session', name: t.security.session, extra: true, cell: (row) => <span className="long-code">{row.session_id ?? '—'}</span> },
  ];
}

export function SecurityLogPage() {
  const { t } = useWords();
  const filters = useNamed(useFilters());
  return (
    <ListPage<SecurityEvent> id="security" right="security_log.read" title={t.security.title} lead={t.security.lead}
      searchHint={t.security.searchHint} path={PATH} columns={useColumns()} filters={filters} defaultSort={SORT}
      rowKey={(row) => row.id}
      empty={<Empty title={t.security.emptyTitle}><p className="muted">{t.security.emptyText}</p></Empty>} />
  );
}
