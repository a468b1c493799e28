/* The state of a list lives in the address, under the same names the API uses; pure helpers. */
import type { ListParams } from '../api/queries';

export const PAGE_ROWS = 50;

/* The API's parameters of this address: known names only, repeated values kept. */
export function toQuery(search: URLSearchParams, known: string[], defaultSort: string): ListParams {
  const query: ListParams = { limit: PAGE_ROWS, count: 'bounded', sort: search.get('sort') ?? defaultSort };
  for (const name of [...known, 'q', 'cursor']) {
    const values = search.getAll(name).filter((value) => value !== '');
    if (values.length > 0) {
      query[name] = values.length === 1 ? values[0] : values;
    }
  }
  return query;
}

/* The same address with one filter value added or taken away; always back to the first page. */
export function withFilter(
  search: URLSearchParams, name: string, value: string, on: boolean,
): URLSearchParams {
  const next = new URLSearchParams(search);
  const values = next.getAll(name).filter((present) => present !== value);
  next.delete(name);
  next.delete('cursor');
  for (const present of on ? [...values, value] : values) {
    next.append(name, present);
  }
  return next;
}

export function withValue(search: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete('cursor');
  if (value === '') {
    next.delete(name);
  } else {
    next.set(name, value);
  }
  return next;
}

/* Name -> -name -> name: what pressing a column head asks for next. */
export function nextSort(present: string, key: string): string {
  return present === key ? `-${key}` : key;
}

const PLACES: Record<string, string> = {
  systems: '/he-thong', dossiers: '/ho-so', labels: '/nhan', organisations: '/to-chuc',
};

/* The page that shows the list behind a figure: /api/v1/systems?level=3 -> /he-thong?level=3. */
export function pageOfHref(href: string): string | null {
  const match = /^\/api\/v1\/([a-z]+)(\?.*)?$/.exec(href);
  const place = match === null ? undefined : PLACES[match[1]!];
  return place === undefined ? null : place + (match![2] ?? '');
}
