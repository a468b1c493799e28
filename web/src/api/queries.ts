/* What is read, by name; the keys here are what a change makes stale. */
import {
  infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions, useQuery, useQueryClient,
} from '@tanstack/react-query';
import { language } from '../i18n/language';
import { api, body, tagged } from './client';
import { isApiError, statusOf } from './problem';
import type { Ruleset } from './ruleset';
import type { Me } from './types';

const TRIES = 3;

/* Only what may pass by itself is tried again: an overloaded server and a broken line. */
function retry(failures: number, error: unknown): boolean {
  const status = statusOf(error);
  const passing = status === null || status === 429 || status === 503;
  return passing && failures < TRIES;
}

function retryDelay(failures: number, error: unknown): number {
  const seconds = isApiError(error) ? error.retryAfter : null;
  return seconds === null ? 500 * 2 ** failures : Math.min(seconds, 30) * 1000;
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry, retryDelay, staleTime: 5_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 60_000,
  queryFn: async ({ client }): Promise<Me | null> => {
    try {
      return await body(api.GET('/api/v1/me'));
    } catch (error) {
      /* Who is at work stays known: the sign-in stands over the page, and the page keeps what was typed. */
      const known = client.getQueryData<Me | null>(['me']);
      if (statusOf(error) !== 401 || known?.second_factor_pending === false) {
        throw error;
      }
      return null;
    }
  },
});

export const factorsQuery = queryOptions({
  queryKey: ['factors'],
  queryFn: () => body(api.GET('/api/v1/me/factors')),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await body(api.GET('/api/v1/me/sessions'))).items,
});

export const identitiesQuery = queryOptions({
  queryKey: ['identities'],
  queryFn: () => body(api.GET('/api/v1/me/identities')),
});

export const metaQuery = queryOptions({
  queryKey: ['meta'],
  staleTime: Infinity,
  queryFn: () => body(api.GET('/api/v1/meta')),
});

export const rulesetsQuery = queryOptions({
  queryKey: ['rulesets'],
  staleTime: Infinity,
  queryFn: async () => (await body(api.GET('/api/v1/rulesets'))).items,
});

export function rulesetQuery(id: string) {
  return queryOptions({
    queryKey: ['ruleset', id],
    staleTime: Infinity,
    enabled: id !== '',
    queryFn: async () => {
      const answer = await body(api.GET('/api/v1/rulesets/{id}', { params: { path: { id } } }));
      return answer as unknown as Ruleset;
    },
  });
}

export function systemQuery(id: string) {
  return queryOptions({
    queryKey: ['system', id],
    queryFn: () => tagged(api.GET('/api/v1/systems/{id}', { params: { path: { id } } })),
  });
}

export function systemClassificationsQuery(id: string) {
  return queryOptions({
    queryKey: ['system', id, 'classifications'],
    queryFn: async () => {
      const params = { path: { id } };
      return (await body(api.GET('/api/v1/systems/{id}/classifications', { params }))).items;
    },
  });
}

export function dossierQuery(id: string) {
  return queryOptions({
    queryKey: ['dossier', id],
    queryFn: () => tagged(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })),
  });
}

/* Texts of blockers come in both languages, so the key needs no language. */
export function dossierTransitionsQuery(id: string) {
  return queryOptions({
    queryKey: ['dossier', id, 'transitions'],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/transitions', { params: { path: { id } } })),
  });
}

export function dossierAuthorityQuery(id: string) {
  return queryOptions({
    queryKey: ['dossier', id, 'authority'],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/authority', { params: { path: { id } } })),
  });
}

export function dossierChangesQuery(id: string) {
  return queryOptions({
    queryKey: ['dossier', id, 'changes'],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/changes', { params: { path: { id } } })),
  });
}

export function submissionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ['dossier', id, 'submission', number],
    enabled: number > 0,
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/submissions/{number}', {
      params: { path: { id, number } },
    })),
  });
}

export function labelQuery(id: string) {
  return queryOptions({
    queryKey: ['label', id],
    queryFn: () => tagged(api.GET('/api/v1/labels/{id}', { params: { path: { id } } })),
  });
}

export function labelTransitionsQuery(id: string) {
  return queryOptions({
    queryKey: ['label', id, 'transitions'],
    queryFn: () => body(api.GET('/api/v1/labels/{id}/transitions', { params: { path: { id } } })),
  });
}

export function organisationQuery(id: string) {
  return queryOptions({
    queryKey: ['organisation', id],
    enabled: id !== '',
    queryFn: () => tagged(api.GET('/api/v1/organisations/{id}', { params: { path: { id } } })),
  });
}

export function organisationHistoryQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['organisation', id, 'history'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => body(api.GET('/api/v1/organisations/{id}/history', {
      params: { path: { id }, query: pageParam === undefined ? {} : { cursor: pageParam } },
    })),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/* Who carries on for a code, present or past. */
export function organisationCodeQuery(code: string) {
  return queryOptions({
    queryKey: ['organisation', 'code', code],
    enabled: code !== '',
    queryFn: async () => (await body(api.GET('/api/v1/organisations', { params: { query: { code } } }))).items,
  });
}

/* The newest first; each page is asked for when it is wanted. */
export const myActivityQuery = infiniteQueryOptions({
  queryKey: ['my-activity'],
  initialPageParam: null as string | null,
  getNextPageParam: (page: { next: string | null }) => page.next,
  queryFn: ({ pageParam }) => body(api.GET('/api/v1/me/security-events', {
    params: { query: { limit: 10, ...(pageParam === null ? {} : { cursor: pageParam }) } },
  })),
});

export function accountQuery(id: string) {
  return queryOptions({
    queryKey: ['account', id],
    queryFn: () => tagged(api.GET('/api/v1/accounts/{id}', { params: { path: { id } } })),
  });
}

export type ListPath =
  | '/api/v1/systems' | '/api/v1/dossiers' | '/api/v1/labels'
  | '/api/v1/organisations' | '/api/v1/accounts' | '/api/v1/security-events' | '/api/v1/tokens'
  | '/api/v1/assignments' | '/api/v1/delegations';

export interface Page<Row> {
  items: Row[];
  next: string | null;
  count: { value: number; type: 'exact' | 'at_least' };
  data_version: string;
}

export type ListParams = Record<string, string | string[] | number | boolean | undefined>;

/* One page of a list. The parameters come from the address, so their types are the server's to
 * check: an unknown one is answered 400 and shown. */
/* The API takes eight words of a search: of a longer name the eight longest tell most. */
const SEARCH_WORDS = 8;

export function searchWords(typed: string): string {
  const words = typed.split(/\s+/).filter((word) => word !== '');
  const kept = new Set([...words].sort((a, b) => b.length - a.length).slice(0, SEARCH_WORDS));
  return words.length <= SEARCH_WORDS ? typed : [...kept].join(' ');
}

function readPage<Row>(path: ListPath, query: ListParams): Promise<Page<Row>> {
  const get = api.GET as unknown as (
    path: ListPath, init: { params: { query: ListParams } },
  ) => Promise<{ data?: Page<Row>; error?: unknown; response: Response }>;
  return body(get(path, { params: { query } }));
}

export function listQuery<Row>(path: ListPath, asked: ListParams) {
  const query = typeof asked.q === 'string' ? { ...asked, q: searchWords(asked.q) } : asked;
  return queryOptions({
    queryKey: ['list', path, query],
    placeholderData: keepPreviousData,
    queryFn: () => readPage<Row>(path, query),
  });
}

/* The same list, each further page asked for when it is wanted. */
export function listPagesQuery<Row>(path: ListPath, query: ListParams) {
  return infiniteQueryOptions({
    queryKey: ['list', path, query, 'pages'],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<Row>) => page.next ?? undefined,
    queryFn: ({ pageParam }) => readPage<Row>(path, { ...query, cursor: pageParam }),
  });
}

/* After a change of any thing: every list, figure and waiting inbox may differ. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({
      predicate: (query) => !['me', 'meta', 'ruleset', 'rulesets'].includes(String(query.queryKey[0])),
    });
  };
}

export function useMe(): Me | null {
  return useQuery(meQuery).data ?? null;
}

export function useMay(): (permission: string) => boolean {
  const me = useMe();
  return (permission) => me?.permissions.includes(permission) ?? false;
}

/* The label of a code, from the server's own list. */
export function useLabels(): (group: string, code: string) => string {
  const meta = useQuery(metaQuery).data;
  return (group, code) => {
    const row = meta?.enums[group]?.find((value) => value.code === code);
    return row === undefined ? code : row[language()];
  };
}

export function useCodes(): (group: string) => string[] {
  const meta = useQuery(metaQuery).data;
  return (group) => meta?.enums[group]?.map((value) => value.code) ?? [];
}
