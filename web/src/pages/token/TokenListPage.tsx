import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { GROUPS } from '../../api/groups';
import { useLabels, useMay } from '../../api/queries';
import type { ApiToken } from '../../api/types';
import type { Column } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { ListPage } from '../../components/ListPage';
import { Empty } from '../../components/Notice';
import { useWords } from '../../i18n';
import { RevokeDialog } from './RevokeDialog';
import { RotateDialog } from './RotateDialog';

const isLive = (row: ApiToken) => row.state === 'active' || row.state === 'expiring';

export function TokenListPage() {
  const { t, moment, date } = useWords();
  const label = useLabels();
  const may = useMay();
  const [rotating, setRotating] = useState<ApiToken | null>(null);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const columns: Column<ApiToken>[] = [
    {
      id: 'name', name: t.token.name, sort: 'name', main: true,
      cell: (row) => (
        <div>
          <p className="strong">{row.name}</p>
          <p className="muted">{row.organisation.name}</p>
          <p className="muted"><code>capdo_live_{row.key}_…</code></p>
        </div>
      ),
    },
    {
      id: 'scopes', name: t.token.scopes,
      cell: (row) => (
        <div>
          <p>{label(GROUPS.tokenReach, row.reach)}</p>
          <ul className="plain muted">{row.scopes.map((scope) => <li key={scope}>{label(GROUPS.tokenScope, scope)}</li>)}</ul>
        </div>
      ),
    },
    {
      id: 'expires', name: t.token.expires, sort: 'expires_at',
      cell: (row) => (
        <div>
          <p>{date(row.expires_at)}</p>
          <p className={row.state === 'active' ? 'muted' : 'strong token-state'}>
            {row.state !== 'active' && <Icon name={row.state === 'expiring' ? 'late' : 'refused'} />} {label(GROUPS.tokenState, row.state)}
          </p>
          {row.rotated_to !== null && <p className="muted">{t.token.replacing}</p>}
        </div>
      ),
    },
    { id: 'used', name: t.token.lastUsed, cell: (row) => (row.last_used_at === null ? t.token.never : moment(row.last_used_at)) },
    {
      id: 'networks', name: t.token.from, extra: true,
      cell: (row) => (row.networks.length === 0 ? t.token.anywhere : row.networks.join(', ')),
    },
    { id: 'by', name: t.token.createdBy, extra: true, cell: (row) => row.created_by ?? '—' },
    { id: 'created', name: t.common.createdAt, sort: 'created_at', extra: true, cell: (row) => moment(row.created_at) },
    {
      id: 'actions', name: t.token.actions,
      cell: (row) => !isLive(row) ? '—' : (
        <div className="row">
          {row.rotated_to === null && (
            <Button size="compact-sm" variant="default" aria-label={`${t.token.rotate}: ${row.name}`} onClick={() => setRotating(row)}>
              {t.token.rotate}
            </Button>
          )}
          <Button size="compact-sm" variant="default" aria-label={`${t.token.revoke}: ${row.name}`} onClick={() => setRevoking(row)}>
            {t.token.revoke}
          </Button>
        </div>
      ),
    },
  ];
  return (
    <>
      <ListPage<ApiToken> id="tokens" right="token.admin" title={t.token.list} path="/api/v1/tokens" columns={columns}
        filters={[{
          name: 'ended', label: t.token.ended, single: true,
          choices: [{ value: 'false', label: t.token.endedNo }, { value: 'true', label: t.token.endedYes }],
        }]}
        defaultSort="-created_at" rowKey={(row) => row.id}
        actions={may('token.admin') && <Button component={Link} to="/ma-truy-cap/moi">{t.token.make}</Button>}
        empty={<Empty title={t.token.emptyTitle}><p className="muted">{t.token.emptyText}</p></Empty>}
        above={(rows) => rotating !== null && (
          <RotateDialog token={rows.find((row) => row.id === rotating.id) ?? rotating} onClose={() => setRotating(null)} />
        )} />
      {revoking !== null && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}
