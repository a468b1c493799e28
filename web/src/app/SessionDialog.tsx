/* The sign-in that opens over a page whose session has ended. Requests wait for it; the page keeps
 * every word typed. Another person's account means another page: then everything is loaded anew. */
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, onSessionLost } from '../api/client';
import { meQuery } from '../api/queries';
import { ApiError } from '../api/problem';
import type { Me } from '../api/types';
import { Dialog } from '../components/Dialog';
import { useWords } from '../i18n';
import { SignInForm } from '../pages/session/SignInForm';
import { useSignOn } from '../pages/session/SignOn';
import { useAsked } from './useAsked';

const REFUSAL = () => new ApiError(401, null);

export function SessionDialog({ me }: { me: Me }) {
  const { t } = useWords();
  const client = useQueryClient();
  const signOn = useSignOn();
  const { asking, answer, giveUp } = useAsked(onSessionLost, REFUSAL);
  const [other, setOther] = useState(false);

  function signedIn(next: Me) {
    if (next.id !== me.id) {
      setOther(true);
      return;
    }
    client.setQueryData(meQuery.queryKey, next);
    answer();
  }

  /* Who signs in in another tab, as at the identity provider, comes back to this one. */
  useEffect(() => {
    if (!asking) {
      return undefined;
    }
    async function look() {
      const { data } = await api.GET('/api/v1/me').catch(() => ({ data: undefined }));
      if (data !== undefined && !data.second_factor_pending) {
        signedIn(data);
      }
    }
    const onFocus = () => void look();
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  });

  return (
    <Dialog opened={asking} onClose={giveUp} title={t.session.expiredTitle} staysOnClickOutside stays={other}>
      {other ? (
        <div className="stack">
          <p role="status">{t.session.otherAccount}</p>
          <div><Button data-autofocus onClick={() => window.location.reload()}>{t.errors.reload}</Button></div>
        </div>
      ) : (
        <div className="stack">
          <p className="muted">{t.session.expiredText}</p>
          <SignInForm username={me.username} onSignedIn={signedIn} />
          {signOn !== null && <p><a href="/dang-nhap" target="_blank" rel="noreferrer">{t.session.otherTab(signOn.label)}</a></p>}
        </div>
      )}
    </Dialog>
  );
}
