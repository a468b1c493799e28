/* Rows of figures turned into tables, key figures and messages; pure. */
import type { StatsRow, StatsView } from '../../api/types';
import type { Text, Words } from '../../i18n';

export const VIEWS: StatsView[] = ['by_level', 'by_status', 'progress', 'overdue', 'by_organisation', 'labels'];

export interface Line {
  key: string;
  label: Text;
  cells: Record<string, StatsRow>;
}

export interface Table {
  measures: string[];
  lines: Line[];
}

/* One line per thing, one column per measure, in the order the server gave. */
export function toTable(rows: StatsRow[]): Table {
  const measures: string[] = [];
  const lines = new Map<string, Line>();
  for (const row of rows) {
    if (!measures.includes(row.measure)) {
      measures.push(row.measure);
    }
    const line = lines.get(row.key) ?? { key: row.key, label: row.label, cells: {} };
    line.cells[row.measure] = row;
    lines.set(row.key, line);
  }
  return { measures, lines: [...lines.values()] };
}

export function valueOf(line: Line, measure: string): number {
  return line.cells[measure]?.value ?? 0;
}

/* What a chart shows of a view: totals stand beside it, and only the largest of many. */
const CHARTED = 12;

export function charted(view: StatsView, table: Table): Table {
  if (view === 'progress') {
    const lines = table.lines.filter((line) => line.cells.approved !== undefined);
    return { measures: ['approved'], lines };
  }
  if (view === 'by_organisation') {
    const lines = [...table.lines]
      .sort((a, b) => valueOf(b, 'systems') - valueOf(a, 'systems')).slice(0, CHARTED);
    return { measures: table.measures.filter((measure) => measure !== 'overdue'), lines };
  }
  if (view === 'labels') {
    return { measures: ['labels'], lines: table.lines.filter((line) => line.cells.labels !== undefined) };
  }
  return table;
}

function find(rows: StatsRow[], key: string, measure: string): number {
  return rows.find((row) => row.key === key && row.measure === measure)?.value ?? 0;
}

export function sum(rows: StatsRow[], measure: string): number {
  return rows.filter((row) => row.measure === measure).reduce((total, row) => total + row.value, 0);
}

export function percent(part: number, whole: number, words: Words): string {
  const share = whole === 0 ? 0 : part / whole;
  return new Intl.NumberFormat(words.language === 'vi' ? 'vi-VN' : 'en-GB', {
    style: 'percent', maximumFractionDigits: 0,
  }).format(share);
}

/* The sentence a chart is there to say. */
export function messageOf(view: StatsView, rows: StatsRow[], words: Words): string {
  const { t, text, number } = words;
  if (view === 'overdue') {
    const late = sum(rows, 'overdue');
    return late === 0 ? t.stats.message.overdueNone : t.stats.message.overdue(number(late));
  }
  if (view === 'progress') {
    const total = find(rows, 'total', 'systems');
    const full = find(rows, 'full', 'approved');
    return t.stats.message.full(number(full), number(find(rows, 'approved', 'systems')), number(total));
  }
  if (view === 'by_status') {
    const total = sum(rows, 'systems');
    const approved = find(rows, 'approved', 'systems');
    return t.stats.message.approved(number(approved), number(total), percent(approved, total, words));
  }
  if (view === 'labels') {
    const granted = rows.filter((row) => row.key.startsWith('granted.')).reduce((all, row) => all + row.value, 0);
    return t.stats.message.labels(number(granted), number(find(rows, 'expiring', 'expiring')));
  }
  const measure = 'systems';
  const top = rows.filter((row) => row.measure === measure)
    .reduce<StatsRow | null>((best, row) => (best === null || row.value > best.value ? row : best), null);
  return top === null || top.value === 0 ? t.stats.message.none
    : t.stats.message.most(text(top.label), number(top.value), number(sum(rows, measure)));
}

export interface KeyFigure {
  name: string;
  value: string;
  note: string;
  href: string;
}

export function keyFigures(of: (view: StatsView) => StatsRow[], words: Words): KeyFigure[] {
  const { t, number } = words;
  const progress = of('progress');
  const total = find(progress, 'total', 'systems');
  const approved = find(progress, 'approved', 'systems');
  const late = sum(of('overdue'), 'overdue');
  const soon = sum(of('overdue'), 'due_soon');
  const open = find(of('by_level'), 'none', 'systems');
  const granted = of('labels').filter((row) => row.key.startsWith('granted.')).reduce((all, row) => all + row.value, 0);
  return [
    { name: t.stats.keyTotal, value: number(total), note: '', href: '/he-thong' },
    {
      name: t.stats.keyApproved, value: number(approved), note: percent(approved, total, words),
      href: '/he-thong?approval_status=approved',
    },
    { name: t.stats.keyOpen, value: number(open), note: '', href: '/he-thong?level=none' },
    {
      name: t.stats.keyLate, value: number(late), note: t.stats.dueSoon(number(soon)),
      href: '/ho-so?overdue=true&sort=due_on',
    },
    { name: t.stats.keyLabels, value: number(granted), note: '', href: '/nhan?state=granted' },
  ];
}
