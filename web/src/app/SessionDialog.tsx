/* The sign-in that opens over a page whose session has ended. Requests wait for it; the page keeps
 * every word typed. Another person's account means another page: then everything is loaded anew. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { onSessionLost } from '../api/client';
import { meQuery } from '../api/queries';
import { ApiError } from '../api/problem';
import type { Me } from '../api/types';
import { Dialog } from '../components/Dialog';
import { useWords } from '../i18n';
import { SignInForm } from '../pages/session/SignInForm';

interface Waiter {
  done(): void;
  giveUp(error: Error): void;
}

export function SessionDialog({ me }: { me: Me }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const waiter = useRef<Waiter | null>(null);

  useEffect(() => {
    onSessionLost(() => new Promise<void>((done, giveUp) => {
      waiter.current = { done, giveUp };
      setAsking(true);
    }));
    return () => onSessionLost(null);
  }, []);

  function signedIn(next: Me) {
    if (next.id !== me.id) {
      window.location.reload();
      return;
    }
    client.setQueryData(meQuery.queryKey, next);
    setAsking(false);
    waiter.current?.done();
    waiter.current = null;
  }

  function close() {
    setAsking(false);
    waiter.current?.giveUp(new ApiError(401, null));
    waiter.current = null;
  }

  return (
    <Dialog opened={asking} onClose={close} title={t.session.expiredTitle} staysOnClickOutside>
      <div className="stack">
        <p className="muted">{t.session.expiredText}</p>
        <SignInForm username={me.username} onSignedIn={signedIn} />
      </div>
    </Dialog>
  );
}
