/* The shape of every list: title with count, search and filter chips kept in the address, table,
 * pages by cursor. */
import { Button, Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback, useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { listQuery, organisationQuery, systemQuery, useMay, type ListPath } from '../api/queries';
import { ForbiddenPage } from '../app/Failures';
import { useWords } from '../i18n';
import { DataTable, type Column } from './DataTable';
import { Gate } from './Gate';
import { Icon } from './Icon';
import { nextSort, toQuery, withFilter, withValue } from './listParams';
import { Empty } from './Notice';
import { PageTitle } from './PageTitle';

export interface Filter {
  /* The API's parameter. */
  name: string;
  label: string;
  choices: { value: string; label: string }[];
  /* One value at most: choosing another takes the first away. */
  single?: boolean;
  /* A filter that only other pages set, such as an id: shown as a chip, not offered. */
  hidden?: boolean;
}

interface Props<Row> {
  id: string;
  title: string;
  lead?: string;
  searchHint?: string;
  path: ListPath;
  columns: Column<Row>[];
  filters: Filter[];
  defaultSort: string;
  rowKey(row: Row): string;
  actions?: ReactNode;
  empty: ReactNode;
  /* What stands over the list, given its rows as they are now. */
  above?(rows: Row[]): ReactNode;
  /* Without this permission the page says so instead of asking. */
  right: string;
}

interface Back {
  cursors?: (string | null)[];
}

export function ListPage<Row>(props: Props<Row>) {
  const may = useMay();
  return may(props.right) ? <List {...props} /> : <ForbiddenPage right={props.right} />;
}

function List<Row>(props: Props<Row>) {
  const { id, title, path, columns, filters, defaultSort, rowKey, actions, empty } = props;
  const { t, number } = useWords();
  const [search, setSearch] = useSearchParams();
  const [hidden, setHidden] = useLocalStorage<string[]>({
    key: `capdo.columns.${id}`, getInitialValueInEffect: false,
    defaultValue: columns.filter((column) => column.extra).map((column) => column.id),
  });
  const [dense, setDense] = useLocalStorage({
    key: 'capdo.dense', defaultValue: false, getInitialValueInEffect: false,
  });
  const known = filters.map((filter) => filter.name);
  const page = useQuery(listQuery<Row>(path, toQuery(search, known, defaultSort)));
  const filtered = search.has('q') || known.some((name) => search.has(name));
  const sort = search.get('sort') ?? defaultSort;
  const shown = columns.filter((column) => column.main || !hidden.includes(column.id));
  const count = page.data?.count;

  return (
    <div className="stack">
      <div className="spread">
        <PageTitle title={title}>
          {count !== undefined && (
            <span className="count" aria-live="polite">
              {' '}{t.list[count.type === 'exact' ? 'exact' : 'atLeast'](number(count.value))}
            </span>
          )}
        </PageTitle>
        <div className="row no-print">{actions}</div>
      </div>
      {props.lead !== undefined && <p className="muted lead">{props.lead}</p>}
      <div className="toolbar no-print">
        <SearchBox hint={props.searchHint} />
        <FilterMenu filters={filters.filter((filter) => !filter.hidden)} />
        <span className="grow" />
        <ViewMenu columns={columns as Column<unknown>[]} hidden={hidden} onHidden={setHidden}
          dense={dense} onDense={setDense} />
      </div>
      <FilterChips filters={filters} />
      <Gate query={page} rows={10}>
        {(data) => data.items.length === 0 ? (
          filtered ? (
            <Empty title={t.list.emptyFiltered}><p className="muted">{t.list.emptyFilteredDo}</p></Empty>
          ) : empty
        ) : (
          <div className={page.isPlaceholderData ? 'stack stale' : 'stack'} aria-busy={page.isPlaceholderData}>
            <DataTable caption={title} columns={shown} rows={data.items} rowKey={rowKey} dense={dense}
              sort={sort} onSort={(key) => setSearch(withValue(search, 'sort', nextSort(sort, key)))} />
            <Pager next={data.next} />
          </div>
        )}
      </Gate>
      {props.above?.(page.data?.items ?? [])}
    </div>
  );
}

function SearchBox({ hint }: { hint?: string | undefined }) {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const present = search.get('q') ?? '';
  const [typed, setTyped] = useState(present);
  const [seen, setSeen] = useState(present);
  if (present !== seen) {
    setSeen(present);
    setTyped(present);
  }
  const apply = useDebouncedCallback((value: string) => {
    setSeen(value.trim());
    setSearch((now) => withValue(now, 'q', value.trim()), { replace: true });
  }, 250);
  return (
    <TextInput type="search" className="search-box" aria-label={t.list.search} placeholder={hint ?? t.list.searchHint}
      value={typed} leftSection={<Icon name="search" />}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        apply(event.currentTarget.value);
      }} />
  );
}

function FilterMenu({ filters }: { filters: Filter[] }) {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  if (filters.length === 0) {
    return null;
  }
  return (
    <>
      {filters.map((filter) => {
        const chosen = search.getAll(filter.name);
        return (
          <Menu key={filter.name} closeOnItemClick={false} position="bottom-start" shadow="md" keepMounted={false}
            withInitialFocusPlaceholder={false}>
            <Menu.Target>
              <Button variant="default" rightSection={<Icon name="down" />}>
                {filter.label}{chosen.length > 0 && ` (${chosen.length})`}
              </Button>
            </Menu.Target>
            <Menu.Dropdown aria-label={`${t.list.filters}: ${filter.label}`}>
              {filter.choices.map((choice) => {
                const on = chosen.includes(choice.value);
                return (
                  <Menu.CheckboxItem key={choice.value} checked={on} checkIcon={<Icon name="check" />}
                    onChange={() => setSearch(filter.single && !on ? withValue(search, filter.name, choice.value)
                      : withFilter(search, filter.name, choice.value, !on))}>
                    {choice.label}
                  </Menu.CheckboxItem>
                );
              })}
            </Menu.Dropdown>
          </Menu>
        );
      })}
    </>
  );
}

const ORGANISATIONS = ['operator_id', 'governing_id', 'parent_id', 'organisation_id'];

/* A filter's value in words: its label, the name behind an id, a date as written here. */
function useChipText(filter: Filter, value: string): string {
  const { date } = useWords();
  const organisation = useQuery({
    ...organisationQuery(value), enabled: ORGANISATIONS.includes(filter.name),
  }).data?.data.name;
  const system = useQuery({ ...systemQuery(value), enabled: filter.name === 'system_id' }).data?.data.name;
  const known = filter.choices.find((choice) => choice.value === value)?.label ?? organisation ?? system;
  return known ?? (/^\d{4}-\d{2}-\d{2}/.test(value) ? date(value) : value);
}

function FilterChip({ filter, value }: { filter: Filter; value: string }) {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const label = `${filter.label}: ${useChipText(filter, value)}`;
  return (
    <button type="button" className="chip" aria-label={t.list.removeFilter(label)}
      onClick={() => setSearch(withFilter(search, filter.name, value, false))}>
      <span>{label}</span>
      <Icon name="cross" />
    </button>
  );
}

function FilterChips({ filters }: { filters: Filter[] }) {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const chips = filters.flatMap((filter) => search.getAll(filter.name).map((value) => ({ filter, value })));
  if (chips.length === 0) {
    return null;
  }
  return (
    <ul className="plain row chips" aria-label={t.list.filters}>
      {chips.map(({ filter, value }) => (
        <li key={filter.name + value}><FilterChip filter={filter} value={value} /></li>
      ))}
      <li>
        <button type="button" className="link-button" onClick={() => setSearch(new URLSearchParams())}>
          {t.list.clear}
        </button>
      </li>
    </ul>
  );
}

interface ViewProps {
  columns: Column<unknown>[];
  hidden: string[];
  onHidden(hidden: string[]): void;
  dense: boolean;
  onDense(dense: boolean): void;
}

function ViewMenu({ columns, hidden, onHidden, dense, onDense }: ViewProps) {
  const { t } = useWords();
  return (
    <Menu closeOnItemClick={false} position="bottom-end" shadow="md" keepMounted={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="columns" />} rightSection={<Icon name="down" />}>
          {t.list.columns}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t.list.columns}>
        {columns.filter((column) => !column.main).map((column) => {
          const on = !hidden.includes(column.id);
          return (
            <Menu.CheckboxItem key={column.id} checked={on} checkIcon={<Icon name="check" />}
              onChange={() => onHidden(on ? [...hidden, column.id] : hidden.filter((other) => other !== column.id))}>
              {column.name}
            </Menu.CheckboxItem>
          );
        })}
        <Menu.Divider />
        <Menu.Label>{t.list.density}</Menu.Label>
        {[false, true].map((value) => (
          <Menu.RadioItem key={String(value)} value={String(value)} checked={dense === value}
            checkIcon={<Icon name="check" />} onChange={() => onDense(value)}>
            {value ? t.list.compact : t.list.comfortable}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/* Cursors only lead forward; the way back is remembered beside the address. */
function Pager({ next }: { next: string | null }) {
  const { t } = useWords();
  const [search] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const cursors = (location.state as Back | null)?.cursors ?? [];
  const here = search.get('cursor');
  if (next === null && here === null) {
    return null;
  }

  function go(cursor: string | null, back: (string | null)[]) {
    const target = new URLSearchParams(search);
    target.delete('cursor');
    if (cursor !== null) {
      target.set('cursor', cursor);
    }
    void navigate({ search: target.toString() }, { state: { cursors: back } satisfies Back });
  }

  return (
    <nav className="pager no-print" aria-label={t.list.pager}>
      <Button variant="default" disabled={here === null} leftSection={<Icon name="left" />}
        onClick={() => go(cursors.at(-1) ?? null, cursors.slice(0, -1))}>
        {t.list.newer}
      </Button>
      <span className="muted">{t.list.page(cursors.length + 1)}</span>
      <Button variant="default" disabled={next === null} rightSection={<Icon name="right" />}
        onClick={() => go(next, [...cursors, here])}>
        {t.list.older}
      </Button>
    </nav>
  );
}
