import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { api } from '../../api/client';
import { ApiError, type Problem } from '../../api/problem';
import type { Stats, StatsView } from '../../api/types';
import { VIEWS } from './figures';

const REFRESH_MS = 30_000;

export interface Figures extends Stats {
  etag: string | null;
}

/* Asked again with the version held: the server answers 304 while nothing has changed. */
export function useStats(live: boolean): Record<StatsView, UseQueryResult<Figures, Error>> {
  const results = useQueries({
    queries: VIEWS.map((view) => ({
      queryKey: ['stats', view],
      refetchInterval: live ? REFRESH_MS : false as const,
      refetchIntervalInBackground: live,
      queryFn: async ({ client, queryKey }: { client: { getQueryData(key: readonly unknown[]): unknown }; queryKey: readonly unknown[] }) => {
        const held = client.getQueryData(queryKey) as Figures | undefined;
        const answer = await api.GET('/api/v1/stats/{view}', {
          params: { path: { view }, header: held?.etag ? { 'If-None-Match': held.etag } : {} },
          cache: 'no-store',
        });
        if (answer.response.status === 304 && held !== undefined) {
          return held;
        }
        if (!answer.response.ok || answer.data === undefined) {
          throw new ApiError(answer.response.status, (answer.error ?? null) as Problem | null, answer.response.headers);
        }
        return { ...(answer.data as Stats), etag: answer.response.headers.get('ETag') };
      },
    })),
  });
  return Object.fromEntries(VIEWS.map((view, index) => [view, results[index]])) as unknown as
    Record<StatsView, UseQueryResult<Figures, Error>>;
}
