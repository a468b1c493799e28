/* Opened by a link whose token stands behind the #: it is read once and taken out of the address, so
 * that neither history nor a picture of the screen holds it. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { api, body } from '../../api/client';
import { statusOf } from '../../api/problem';
import type { ActivationInfo } from '../../api/types';
import { ErrorSummary, failureOf, failureOfFields, type Failure } from '../../components/ErrorSummary';
import { LoadFailed } from '../../components/Gate';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { lengthOf, NewPassword } from '../account/NewPassword';
import { EntryFrame } from './EntryFrame';

export function ActivationPage() {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState('');
  const given = hash.slice(1);

  useEffect(() => {
    if (given !== '') {
      setToken(given);
      void navigate('/kich-hoat', { replace: true });
    }
  }, [given, navigate]);

  return <EntryFrame>{given === '' && (token === '' ? <NoToken /> : <Check key={token} token={token} />)}</EntryFrame>;
}

/* Loaded again, or opened without its link. */
function NoToken() {
  const { t } = useWords();
  return (
    <>
      <PageTitle title={t.activation.noTokenTitle} />
      <p>{t.activation.noTokenText}</p>
      <p>{t.activation.goneDone} <Link to="/dang-nhap">{t.activation.signIn}</Link></p>
    </>
  );
}

function Check({ token }: { token: string }) {
  const { t } = useWords();
  const [done, setDone] = useState<string | null>(null);
  const [gone, setGone] = useState(false);
  const link = useQuery({
    /* Without the token, which no cache shall hold. */
    queryKey: ['activation'],
    enabled: done === null && !gone,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => body(api.POST('/api/v1/activations/check', { body: { token } })),
  });

  if (done !== null) {
    return (
      <>
        <PageTitle title={t.activation.doneTitle} />
        <p>{t.activation.doneText}</p>
        <div>
          <Button component={Link} to="/dang-nhap" state={{ username: done }}>{t.activation.signIn}</Button>
        </div>
      </>
    );
  }
  if (gone || statusOf(link.error) === 410) {
    return (
      <>
        <PageTitle title={t.activation.goneTitle} />
        <p>{t.activation.goneText}</p>
        <p>{t.activation.goneDone} <Link to="/dang-nhap">{t.activation.signIn}</Link></p>
      </>
    );
  }
  if (link.error !== null) {
    return <LoadFailed error={link.error} again={() => void link.refetch()} />;
  }
  if (link.data === undefined) {
    return <p role="status">{t.activation.checking}</p>;
  }
  return <Choose token={token} link={link.data} onDone={() => setDone(link.data.username)} onGone={() => setGone(true)} />;
}

interface Props {
  token: string;
  link: ActivationInfo;
  onDone(): void;
  onGone(): void;
}

function Choose({ token, link, onDone, onGone }: Props) {
  const words = useWords();
  const { t, moment } = words;
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const least = link.password_min_characters;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (lengthOf(password) < least) {
      const fields = [{ pointer: '/password', message: t.password.needLonger(least) }];
      setFailure(failureOfFields(fields, words));
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await body(api.POST('/api/v1/activations', { body: { token, password } }));
      onDone();
    } catch (error) {
      if (statusOf(error) === 410) {
        onGone();
      } else {
        setFailure(failureOf(error, words));
      }
    } finally {
      setBusy(false);
    }
  }

  const said = failure?.fields.map((field) => field.message).join(' ');
  return (
    <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
      <PageTitle title={t.activation.title[link.purpose]} />
      <p>{t.activation.hello(link.display_name)} {t.activation.lead}</p>
      <p className="small muted">{t.activation.until(moment(link.expires_at))}</p>
      <ErrorSummary failure={failure} />
      <TextInput label={t.activation.username} autoComplete="username" value={link.username} readOnly className="me-field" />
      <NewPassword pointer="/password" value={password} least={least} error={said === '' ? undefined : said}
        onChange={setPassword} />
      <div><Button type="submit" loading={busy}>{t.activation.save}</Button></div>
    </form>
  );
}
