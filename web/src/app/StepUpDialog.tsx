/* The second factor that is asked for over a page whose request needs a fresh one. The request waits
 * and goes on; the page keeps every word typed. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { onStepUp } from '../api/client';
import { meQuery } from '../api/queries';
import type { Me } from '../api/types';
import { Dialog } from '../components/Dialog';
import { useWords } from '../i18n';
import { SecondFactorForm } from '../pages/session/SecondFactorForm';
import { useAsked } from './useAsked';

const REFUSAL = () => new Error('no second factor');

export function StepUpDialog({ me }: { me: Me }) {
  const { t } = useWords();
  const client = useQueryClient();
  const { asking, answer, giveUp } = useAsked(onStepUp, REFUSAL);
  const any = me.second_factors.totp || me.second_factors.passkeys > 0;

  function shown(next: Me) {
    client.setQueryData(meQuery.queryKey, next);
    answer();
  }

  return (
    <Dialog opened={asking} onClose={giveUp} title={any ? t.factor.stepUpTitle : t.factor.noneTitle} staysOnClickOutside>
      {any ? (
        <div className="stack">
          <p className="muted">{t.factor.stepUpText}</p>
          <SecondFactorForm factors={me.second_factors} onShown={shown} />
        </div>
      ) : (
        <div className="stack">
          <p>{t.factor.noneText}</p>
          <p><Link to="/tai-khoan-cua-toi" onClick={giveUp}>{t.factor.goEnrol}</Link></p>
        </div>
      )}
    </Dialog>
  );
}
