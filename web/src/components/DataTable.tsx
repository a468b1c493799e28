/* A native table with a sticky head; sorted by its heads, folded into cards on a narrow screen. */
import type { ReactNode } from 'react';
import { useWords } from '../i18n';
import { Icon } from './Icon';

export interface Column<Row> {
  id: string;
  name: string;
  cell(row: Row): ReactNode;
  sort?: string;
  /* Cannot be taken away: the column that names the row. */
  main?: boolean;
  /* Shown only when chosen. */
  extra?: boolean;
  number?: boolean;
}

interface Props<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey(row: Row): string;
  sort?: string;
  onSort?(key: string): void;
  dense?: boolean;
}

export function DataTable<Row>({ caption, columns, rows, rowKey, sort, onSort, dense }: Props<Row>) {
  return (
    <div className="table-frame">
      <table className={dense ? 'data dense' : 'data'} role="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <Head key={column.id} column={column as Column<unknown>} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => column.main ? (
                <th key={column.id} scope="row" role="rowheader">{column.cell(row)}</th>
              ) : (
                <td key={column.id} role="cell" data-name={column.name}
                  className={column.number ? 'number' : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  column: Column<unknown>;
  sort?: string | undefined;
  onSort?: ((key: string) => void) | undefined;
}

function Head({ column, sort, onSort }: HeadProps) {
  const { t } = useWords();
  const key = column.sort;
  if (key === undefined || onSort === undefined) {
    return <th scope="col" role="columnheader" className={column.number ? 'number' : undefined}>{column.name}</th>;
  }
  const up = sort === key;
  const down = sort === `-${key}`;
  return (
    <th scope="col" role="columnheader" aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}
      className={column.number ? 'number' : undefined}>
      <button type="button" className="head-button" onClick={() => onSort(key)}
        title={t.list.sortBy(column.name)}>
        {column.name}
        {(up || down) && <Icon name={up ? 'up' : 'down'} />}
      </button>
    </th>
  );
}
