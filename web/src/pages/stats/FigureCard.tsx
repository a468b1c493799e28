import { useComputedColorScheme } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { StatsView } from '../../api/types';
import { Icon } from '../../components/Icon';
import { LoadFailed, Waiting } from '../../components/Gate';
import { pageOfHref } from '../../components/listParams';
import { useWords } from '../../i18n';
import { charted, messageOf, toTable, valueOf, type Table } from './figures';
import type { Figures } from './useStats';

const Chart = lazy(() => import('./Chart'));

/* Figures paint first; the charts' code is fetched once the browser has nothing better to do. */
function useIdle(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    const ask = window.requestIdleCallback ?? ((done: () => void) => window.setTimeout(done, 200));
    const drop = window.cancelIdleCallback ?? window.clearTimeout;
    const handle = ask(() => setIdle(true));
    return () => drop(handle);
  }, []);
  return idle;
}

const COLOURS: Record<string, string[]> = {
  systems: ['--accent-2'], approved: ['--good'], overdue: ['--bad'], due_soon: ['--warn'], labels: ['--accent-2'],
};
const LEVEL_COLOURS = ['--level-1', '--level-2', '--level-3', '--level-4', '--level-5', '--level-0'];

interface Props {
  view: StatsView;
  query: UseQueryResult<Figures, Error>;
  wall: boolean;
}

export function FigureCard({ view, query, wall }: Props) {
  const words = useWords();
  const { t, moment } = words;
  const [asTable, setAsTable] = useState(false);
  const data = query.data;
  const name = t.stats.view[view] ?? view;
  return (
    <section className="panel stack figure" aria-labelledby={`so-${view}`} data-testid={`figure-${view}`}>
      {data === undefined ? (
        <>
          <h2 id={`so-${view}`}>{name}</h2>
          {query.error === null ? <Waiting rows={3} /> : <LoadFailed error={query.error} again={() => void query.refetch()} />}
        </>
      ) : (
        <>
          <div>
            <p className="small muted">{name}</p>
            <h2 id={`so-${view}`}>{messageOf(view, data.rows, words)}</h2>
          </div>
          {!wall && (
            <div className="row no-print">
              <button type="button" className="link-button" aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
                <Icon name={asTable ? 'chart' : 'table'} />{' '}
                {asTable ? t.stats.showChart : t.stats.showTable}
                <span className="visually-hidden">: {name}</span>
              </button>
              <a href={`/api/v1/stats/${view}?format=csv`} download={`${view}.csv`}>
                {t.stats.download}<span className="visually-hidden">: {name}</span>
              </a>
            </div>
          )}
          {asTable ? <FigureTable name={name} table={toTable(data.rows)} />
            : <FigureChart view={view} name={name} table={charted(view, toTable(data.rows))} />}
          <div className="print-only"><FigureTable name={name} table={toTable(data.rows)} /></div>
          <p className="small muted">{t.stats.asOf(moment(data.as_of))}</p>
        </>
      )}
    </section>
  );
}

function FigureChart({ view, name, table }: { view: StatsView; name: string; table: Table }) {
  const { t, text } = useWords();
  const navigate = useNavigate();
  const scheme = useComputedColorScheme('light');
  const idle = useIdle();
  const labels = table.lines.map((line) => text(line.label));
  const series = table.measures.map((measure) => ({
    name: t.stats.measure[measure] ?? measure,
    values: table.lines.map((line) => valueOf(line, measure)),
    colours: view === 'by_level' ? LEVEL_COLOURS : COLOURS[measure] ?? ['--accent-2'],
  }));

  function pick(category: number, at: number) {
    const row = table.lines[category]?.cells[table.measures[at] ?? ''];
    const target = row === undefined ? null : pageOfHref(row.href);
    if (target !== null) {
      void navigate(target);
    }
  }

  const hold = <div className="chart-hold" />;
  if (!idle) {
    return hold;
  }
  return (
    <div className="no-print">
      <Suspense fallback={hold}>
        <Chart label={t.stats.chartOf(name)} categories={labels} series={series} horizontal
          scheme={scheme} onPick={pick} />
      </Suspense>
    </div>
  );
}

function FigureTable({ name, table }: { name: string; table: Table }) {
  const { t, text, number } = useWords();
  return (
    <div className="figure-table">
      <table className="diff by-number">
        <caption className="visually-hidden">{name}</caption>
        <thead>
          <tr>
            <th scope="col">{t.stats.item}</th>
            {table.measures.map((measure) => (
              <th key={measure} scope="col" className="number">{t.stats.measure[measure] ?? measure}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">{text(line.label)}</th>
              {table.measures.map((measure) => {
                const cell = line.cells[measure];
                const target = cell === undefined ? null : pageOfHref(cell.href);
                return (
                  <td key={measure} className="number">
                    {cell === undefined ? '' : target === null ? number(cell.value)
                      : <Link to={target}>{number(cell.value)}</Link>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
