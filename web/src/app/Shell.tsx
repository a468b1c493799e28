import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { api } from '../api/client';
import type { Me } from '../api/types';
import { Icon } from '../components/Icon';
import { Notice } from '../components/Notice';
import { useWords } from '../i18n';
import { AccountMenu } from './AccountMenu';
import { useActing } from './acting';
import { FactorNotice } from './FactorNotice';
import { Navigation } from './Navigation';

/* Fetched when it is first asked for. */
const SearchDialog = lazy(async () => ({ default: (await import('./SearchDialog')).SearchDialog }));

function useSearchKey(open: () => void) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open();
      }
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
}

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const acting = useActing(me);
  const [staying, setStaying] = useState(false);
  const [searching, setSearching] = useState(false);
  const [sought, setSought] = useState(false);
  if (searching && !sought) {
    setSought(true);
  }
  useSearchKey(() => setSearching(true));

  async function signOut() {
    setStaying(false);
    const left = await api.DELETE('/api/v1/session').catch(() => undefined);
    /* Only the server ends a session: until it has, the next person at this computer would be me. */
    if (left === undefined || !(left.response.ok || left.response.status === 401)) {
      setStaying(true);
      return;
    }
    client.clear();
    /* Signed in through the identity provider: signed out there too. */
    if (left.data !== undefined) {
      window.location.assign(left.data.sign_out_address);
      return;
    }
    await navigate('/dang-nhap');
  }

  return (
    <div className="shell">
      <a className="skip" href="#noi-dung">{t.shell.skip}</a>
      <header className="shell-top">
        <Link to="/" className="brand" aria-label={`${t.common.product}, ${t.shell.work}`}>
          <Icon name="brand" />
          <span>{t.common.product}</span>
        </Link>
        <p className="acting">
          {acting === '' ? t.shell.actingNone
            : <><span className="acting-lead">{t.shell.acting}</span> <strong>{acting}</strong></>}
        </p>
        <button type="button" className="search-button" onClick={() => setSearching(true)}
          aria-keyshortcuts="Control+K">
          <Icon name="search" />
          <span>{t.shell.search}</span>
          <kbd>{t.shell.searchKeys}</kbd>
        </button>
        <AccountMenu me={me} onSignOut={() => void signOut()} />
      </header>
      <Navigation me={me} />
      <main id="noi-dung" tabIndex={-1} className="shell-main">
        {staying && (
          <div role="alert" className="shell-notice">
            <Notice tone="bad" title={t.session.signOutFailed}>
              <p>{t.session.signOutFailedText}</p>
              <div><Button variant="default" onClick={() => void signOut()}>{t.common.retry}</Button></div>
            </Notice>
          </div>
        )}
        <FactorNotice me={me} />
        {children}
      </main>
      {sought && (
        <Suspense fallback={null}>
          <SearchDialog opened={searching} onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </div>
  );
}
