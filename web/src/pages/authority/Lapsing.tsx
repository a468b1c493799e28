/* Assignments and delegations that end within thirty days, for those who have to act on it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listQuery, useMe } from '../../api/queries';
import type { Assignment, Delegation } from '../../api/types';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import { localDate } from '../../i18n/format';

const DAY = 86_400_000;
const SOON_DAYS = 30;

export interface LapsingRecord {
  id: string;
  who: string;
  governing: string;
  document: string;
  last: string;
  days: number;
}

function daysUntil(iso: string): number {
  return Math.round((Date.parse(iso) - Date.parse(localDate(new Date()))) / DAY);
}

/* more: there are others that are not among the rows. */
export function useLapsing(bodies: string[] | null, enabled = true): { rows: LapsingRecord[]; more: boolean } {
  const asked = {
    state: 'current', valid_to__lte: localDate(new Date(Date.now() + SOON_DAYS * DAY)), sort: 'valid_to', limit: 50,
    count: 'none', organisation_id: bodies ?? undefined,
  };
  const assignments = useQuery({ ...listQuery<Assignment>('/api/v1/assignments', asked), enabled }).data;
  const delegations = useQuery({ ...listQuery<Delegation>('/api/v1/delegations', asked), enabled }).data;
  const rows: LapsingRecord[] = [
    ...(assignments?.items ?? []).map((row) => ({
      id: row.id, who: row.person?.name ?? row.organisation?.name ?? row.council_name, governing: row.governing?.name ?? '',
      document: row.document_number, last: row.valid_to!, days: daysUntil(row.valid_to!),
    })),
    ...(delegations?.items ?? []).map((row) => ({
      id: row.id, who: row.organisation.name, governing: row.governing.name, document: row.document_number,
      last: row.valid_to, days: daysUntil(row.valid_to),
    })),
  ];
  return { rows: rows.sort((a, b) => a.days - b.days), more: assignments?.next != null || delegations?.next != null };
}

/* On the first page: administrators see all, heads of governing bodies their own. */
export function Lapsing() {
  const { t } = useWords();
  const me = useMe();
  const admin = me?.permissions.includes('authority.admin') ?? false;
  const chaired = (me?.capacities ?? []).filter((one) => one.role === 'chairman').map((one) => one.organisation.id);
  const { rows, more } = useLapsing(admin ? null : chaired, admin || chaired.length > 0);
  return rows.length > 0 && (
    <Notice tone="warn" title={t.authority.lapsing(rows.length, more)}>
      <LapsingLines rows={rows} />
      <p><Link to="/phan-cong">{t.authority.open}</Link></p>
    </Notice>
  );
}

export function LapsingLines({ rows }: { rows: LapsingRecord[] }) {
  const { t, date } = useWords();
  return (
    <>
      <ul className="plain stack-s">
        {rows.map((row) => (
          <li key={row.id}>
            <span className="strong">{row.who}</span>
            {row.document !== '' && <> ({row.document})</>}: {t.authority.lapsesOn(date(row.last), row.days)}
          </li>
        ))}
      </ul>
      <p className="small">{t.authority.lapsingDo}</p>
    </>
  );
}
