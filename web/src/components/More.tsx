import { Button } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useWords } from '../i18n';

/* The way to the next rows of a list that is read page by page; nothing when all are there. */
export function More({ query }: { query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'> }) {
  const { t } = useWords();
  return query.hasNextPage && (
    <p className="no-print">
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.common.more}</Button>
    </p>
  );
}
