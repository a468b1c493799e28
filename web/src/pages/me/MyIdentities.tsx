import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, body } from '../../api/client';
import { identitiesQuery } from '../../api/queries';
import type { Identity } from '../../api/types';
import { LoadFailed, Waiting } from '../../components/Gate';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import { signOnFailure } from '../session/SignOn';
import { AskTwice } from './AskTwice';
import { useFactorChange } from './useFactorChange';

const HERE = '/tai-khoan-cua-toi';

/* By whom the provider knows me. Not shown where single sign-on never was. */
export function MyIdentities() {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const change = useFactorChange();
  const identities = useQuery(identitiesQuery);
  const [params] = useSearchParams();
  const [done, setDone] = useState<string | null>(null);
  const failure = change.problem ?? signOnFailure(params.get('sso'), words);

  async function link() {
    await change.run(async () => {
      const { address } = await body(api.POST('/api/v1/me/identities', { body: { return_path: HERE } }));
      window.location.assign(address);
    });
  }

  async function unlink({ id }: Identity, name: string): Promise<boolean> {
    setDone(null);
    const gone = await change.run(() => body(api.DELETE('/api/v1/me/identities/{id}', { params: { path: { id } } })));
    if (gone) {
      setDone(t.signOn.unlinked(name));
      await client.invalidateQueries({ queryKey: identitiesQuery.queryKey });
    }
    return gone;
  }

  if (identities.data !== undefined && !identities.data.available && identities.data.items.length === 0) {
    return null;
  }
  return (
    <section className="panel stack" aria-labelledby="mot-lan">
      <h3 id="mot-lan">{t.signOn.title}</h3>
      {identities.error !== null && <LoadFailed error={identities.error} again={() => void identities.refetch()} />}
      {identities.data === undefined && identities.error === null && <Waiting />}
      <div role="alert">{failure !== null && <p className="alert-line">{failure}</p>}</div>
      <div role="status">{done !== null && <p>{done}</p>}</div>
      {identities.data && (
        <>
          {identities.data.available ? <p className="muted">{t.signOn.text(identities.data.label)}</p>
            : <Notice tone="warn"><p>{t.signOn.off}</p></Notice>}
          {identities.data.items.length === 0 ? <p>{t.signOn.none}</p> : (
            <ul className="plain me-rows">
              {identities.data.items.map((row) => (
                <Row key={row.id} row={row} busy={change.busy} onUnlink={(name) => unlink(row, name)} />
              ))}
            </ul>
          )}
          {identities.data.available && (
            <div>
              <Button variant={identities.data.items.length > 0 ? 'default' : 'filled'} loading={change.busy} onClick={() => void link()}>
                {t.signOn.link}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function Row({ row, busy, onUnlink }: { row: Identity; busy: boolean; onUnlink(name: string): Promise<boolean> }) {
  const { t, moment } = useWords();
  const name = row.name === '' ? t.signOn.nameless : row.name;
  return (
    <li className="spread">
      <div className="stack-s grow whose">
        <p className="strong">{name}</p>
        <p className="muted small">
          {row.issuer} · {t.signOn.linked} {moment(row.linked_at)} ·{' '}
          {row.used_at === null ? t.signOn.never : `${t.signOn.used} ${moment(row.used_at)}`}
        </p>
      </div>
      <AskTwice name={t.signOn.unlink} label={t.signOn.unlinkNamed(name)} question={t.signOn.unlinkAsk(name)} busy={busy}
        onYes={() => onUnlink(name)} />
    </li>
  );
}
