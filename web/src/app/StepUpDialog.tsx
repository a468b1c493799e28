/* The second factor that is asked for over a page whose request needs a fresh one. The request waits
 * and goes on; the page keeps every word typed. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { onStepUp } from '../api/client';
import { meQuery } from '../api/queries';
import type { Me } from '../api/types';
import { Dialog } from '../components/Dialog';
import { useWords } from '../i18n';
import { SecondFactorForm } from '../pages/session/SecondFactorForm';

interface Waiter {
  done(): void;
  giveUp(error: Error): void;
}

export function StepUpDialog({ me }: { me: Me }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const waiter = useRef<Waiter | null>(null);
  const any = me.second_factors.totp || me.second_factors.passkeys > 0;

  useEffect(() => {
    onStepUp(() => new Promise<void>((done, giveUp) => {
      waiter.current = { done, giveUp };
      setAsking(true);
    }));
    return () => onStepUp(null);
  }, []);

  function shown(next: Me) {
    client.setQueryData(meQuery.queryKey, next);
    setAsking(false);
    waiter.current?.done();
    waiter.current = null;
  }

  function close() {
    setAsking(false);
    waiter.current?.giveUp(new Error('no second factor'));
    waiter.current = null;
  }

  return (
    <Dialog opened={asking} onClose={close} title={any ? t.factor.stepUpTitle : t.factor.noneTitle} staysOnClickOutside>
      {any ? (
        <div className="stack">
          <p className="muted">{t.factor.stepUpText}</p>
          <SecondFactorForm factors={me.second_factors} onShown={shown} />
        </div>
      ) : (
        <div className="stack">
          <p>{t.factor.noneText}</p>
          <p><Link to="/tai-khoan-cua-toi" onClick={close}>{t.factor.goEnrol}</Link></p>
        </div>
      )}
    </Dialog>
  );
}
