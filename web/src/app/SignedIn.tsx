/* Everything behind the sign-in: without a session one is sent to /dang-nhap and comes back here. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Navigate, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { meQuery, metaQuery } from '../api/queries';
import { LoadFailed, Waiting } from '../components/Gate';
import { Shell } from './Shell';

/* Not needed to show a page: fetched once it stands. */
const SessionDialog = lazy(async () => ({ default: (await import('./SessionDialog')).SessionDialog }));
const StepUpDialog = lazy(async () => ({ default: (await import('./StepUpDialog')).StepUpDialog }));

export function SignedIn() {
  const location = useLocation();
  const me = useQuery(meQuery);
  const meta = useQuery(metaQuery);

  if (me.data === null || me.data?.second_factor_pending === true) {
    const target = location.pathname + location.search;
    const query = target === '/' ? '' : `?tiep=${encodeURIComponent(target)}`;
    return <Navigate to={`/dang-nhap${query}`} replace />;
  }
  if (me.data === undefined || meta.data === undefined) {
    const missing = [me, meta].filter((query) => query.data === undefined);
    const failed = missing.find((query) => query.error !== null)?.error ?? null;
    return (
      <main className="alone">
        {failed === null ? <Waiting />
          : <LoadFailed error={failed} again={() => missing.forEach((query) => void query.refetch())} />}
      </main>
    );
  }
  return (
    <>
      <Shell me={me.data}>
        <Outlet />
      </Shell>
      <Suspense fallback={null}>
        <SessionDialog me={me.data} />
        <StepUpDialog me={me.data} />
      </Suspense>
      <ScrollRestoration />
    </>
  );
}
