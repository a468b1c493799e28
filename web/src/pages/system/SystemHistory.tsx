import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { useLabels, type Page } from '../../api/queries';
import type { System, SystemVersion } from '../../api/types';
import { ChangeTable } from '../../components/ChangeTable';
import { Icon } from '../../components/Icon';
import { useWords } from '../../i18n';

const SHOWN = 10;

export function SystemHistory({ system }: { system: System }) {
  const { t, moment } = useWords();
  const label = useLabels();
  const query = useInfiniteQuery({
    queryKey: ['system', system.id, 'versions'],
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<SystemVersion>) => page.next ?? undefined,
    queryFn: ({ pageParam }): Promise<Page<SystemVersion>> => body(api.GET('/api/v1/systems/{id}/versions', {
      params: { path: { id: system.id }, query: { limit: SHOWN, cursor: pageParam } },
    })),
  });
  const versions = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section id="lich-su" aria-labelledby="lich-su-h">
      <h2 id="lich-su-h">{t.system.history}</h2>
      <ol className="timeline">
        {versions.map((version) => (
          <li key={version.version}>
            <Icon name={version.version === 1 ? 'plus' : 'pencil'} />
            <p>
              <span className="strong">{t.system.version(version.version)}</span>{' '}
              <span className="muted">{moment(version.changed_at)}, {version.changed_by}</span>
            </p>
            {version.reason !== null && (
              <p className="small">
                {t.organisationHistory.reason(
                  label(GROUPS.organisationEvent, version.reason.kind), version.reason.organisation.name, version.reason.document_number,
                )}
              </p>
            )}
            {version.changes.length === 0
              ? <p className="small muted">{version.version === 1 ? t.system.versionFirst : t.system.versionSame}</p>
              : (
                <details>
                  <summary className="small">{t.common.changes} ({version.changes.length})</summary>
                  <ChangeTable changes={version.changes} rulesetId={system.ruleset} />
                </details>
              )}
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <div className="no-print">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.system.historyMore}
          </Button>
        </div>
      )}
    </section>
  );
}
