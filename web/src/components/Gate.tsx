/* What is seen before content: nothing for 300 ms, then a skeleton, after a second the seconds. */
import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { isApiError, statusOf } from '../api/problem';
import { ForbiddenPage, NotFoundPage } from '../app/Failures';
import { useWords } from '../i18n';

export function Waiting({ rows = 5 }: { rows?: number }) {
  const { t } = useWords();
  const [waited, setWaited] = useState(0);

  useEffect(() => {
    const soon = setTimeout(() => setWaited(0.3), 300);
    const start = performance.now();
    const clock = setInterval(() => setWaited((performance.now() - start) / 1000), 1000);
    return () => {
      clearTimeout(soon);
      clearInterval(clock);
    };
  }, []);

  if (waited === 0) {
    return <p role="status" className="visually-hidden">{t.common.loading}</p>;
  }
  return (
    <div className="skeleton">
      <p role="status" className="small muted">
        {waited >= 1 ? t.common.stillLoading(Math.floor(waited)) : t.common.loading}
      </p>
      {Array.from({ length: rows }, (_, index) => <div key={index} className="skeleton-line" />)}
    </div>
  );
}

export function LoadFailed({ error, again }: { error: unknown; again(): void }) {
  const { t } = useWords();
  const retryAfter = isApiError(error) ? error.retryAfter : null;
  const problem = isApiError(error) ? error.problem : null;
  const busy = statusOf(error) === 503 || statusOf(error) === 429;
  const said = !isApiError(error) ? t.errors.network
    : busy ? (retryAfter === null ? t.errors.busy : t.errors.busyIn(retryAfter))
      : problem?.detail ?? problem?.title ?? t.errors.unexpected;
  return (
    <div className="panel stack measure" role="alert">
      <h2>{t.errors.loadTitle}</h2>
      <p>{said}</p>
      {problem !== null && <p className="small muted">{t.errors.trace(problem.trace_id)}</p>}
      <div><Button variant="default" onClick={again}>{t.common.retry}</Button></div>
    </div>
  );
}

interface GateProps<T> {
  query: UseQueryResult<T, Error>;
  rows?: number;
  children(data: T): ReactNode;
}

/* Loading, refused, missing and failed, each with its own page; else the content. */
export function Gate<T>({ query, rows, children }: GateProps<T>) {
  const { data, error } = query;
  if (data !== undefined) {
    return children(data);
  }
  if (error === null) {
    return <Waiting rows={rows ?? 6} />;
  }
  if (isApiError(error) && error.status === 403) {
    return <ForbiddenPage right={error.problem?.missing_right} />;
  }
  if (statusOf(error) === 404) {
    return <NotFoundPage />;
  }
  return <LoadFailed error={error} again={() => void query.refetch()} />;
}
