import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { meQuery } from '../../api/queries';
import type { Me } from '../../api/types';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { EntryFrame } from './EntryFrame';
import { SignInForm } from './SignInForm';
import { signOnFailure } from './SignOn';

/* Only an address of this site is ever followed after the sign-in. */
export function safeTarget(wanted: string | null): string {
  return wanted !== null && /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}

export function SignInPage() {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const client = useQueryClient();
  const [params] = useSearchParams();
  const target = safeTarget(params.get('tiep'));
  /* From the page that has just set the password. */
  const { username } = (useLocation().state ?? {}) as { username?: string };
  const failure = signOnFailure(params.get('sso'), words);
  const half = useQuery({ ...meQuery, enabled: params.get('sso') === 'second_factor' });
  const pending = half.data?.second_factor_pending === true ? half.data : undefined;

  function signedIn(me: Me) {
    client.clear();
    client.setQueryData(meQuery.queryKey, me);
    void navigate(target, { replace: true });
  }

  return (
    <EntryFrame>
      <PageTitle title={t.session.signIn} />
      <p className="muted">{t.session.signInLead}</p>
      {target !== '/' && <p className="small">{t.session.returnTo}</p>}
      <SignInForm {...(username === undefined ? {} : { username })} key={pending?.id} pending={pending}
        signOnTarget={target} signOnFailure={failure} onSignedIn={signedIn} />
    </EntryFrame>
  );
}
