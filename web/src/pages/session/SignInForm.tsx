import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, body, renewing } from '../../api/client';
import { passkeysPossible, provePasskey } from '../../api/passkey';
import { isApiError } from '../../api/problem';
import type { Me } from '../../api/types';
import { useWords, type Words } from '../../i18n';
import { explainFactor, SecondFactorForm } from './SecondFactorForm';
import { SignOnButton, useSignOn } from './SignOn';

interface Props {
  username?: string;
  /* Who came from the identity provider and still has to show the second factor. */
  pending?: Me;
  /* Set: the identity provider is offered too, and leads back to this path. */
  signOnTarget?: string;
  /* What went wrong there, until the form is sent. */
  signOnFailure?: string | null;
  onSignedIn(me: Me): void;
}

function explain(error: unknown, { t }: Words): string {
  if (!isApiError(error)) {
    return t.errors.network;
  }
  if (error.problem?.code === 'sign_in_stopped') {
    return `${error.problem.title}. ${error.problem.detail ?? ''}`;
  }
  if (error.status === 429) {
    return t.session.tooMany(error.retryAfter ?? 60);
  }
  if (error.status === 401) {
    return t.session.wrong;
  }
  return error.problem?.detail ?? error.problem?.title ?? t.errors.busy;
}

export function SignInForm({ username = '', pending, signOnTarget, signOnFailure = null, onSignedIn }: Props) {
  const words = useWords();
  const { t } = words;
  const offered = useSignOn() !== null && signOnTarget !== undefined;
  const [name, setName] = useState(username);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [waiting, setWaiting] = useState<Me | null>(pending ?? null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || password === '') {
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      const credentials = { username: name.trim(), password };
      const me = await renewing(() => body(api.POST('/api/v1/session', { body: credentials })));
      if (me.second_factor_pending) {
        setPassword('');
        setWaiting(me);
      } else {
        onSignedIn(me);
      }
    } catch (error) {
      setFailure(explain(error, words));
    } finally {
      setBusy(false);
    }
  }

  async function withPasskey() {
    setBusy(true);
    setFailure(null);
    try {
      const proof = await provePasskey('sign_in');
      onSignedIn(await renewing(() => body(api.POST('/api/v1/session/passkey', { body: proof }))));
    } catch (error) {
      setFailure(explainFactor(error, words));
    } finally {
      setBusy(false);
    }
  }

  if (waiting !== null) {
    return (
      <div className="stack">
        <h2>{t.factor.title}</h2>
        <p className="muted">{t.factor.signInLead}</p>
        <SecondFactorForm factors={waiting.second_factors} onShown={onSignedIn} />
        <p>
          <button type="button" className="link-button" onClick={() => setWaiting(null)}>{t.factor.startOver}</button>
        </p>
      </div>
    );
  }
  const said = failure ?? (tried ? null : signOnFailure);
  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <div role="alert">{said !== null && <p className="alert-line">{said}</p>}</div>
      <TextInput label={t.session.username} autoComplete="username" value={name} spellCheck={false}
        autoCapitalize="none" error={tried && name.trim() === '' && t.session.needUsername}
        onChange={(event) => setName(event.currentTarget.value)} />
      <PasswordInput label={t.session.password} autoComplete="current-password" value={password}
        data-autofocus={username !== '' || undefined}
        visibilityToggleButtonProps={{ 'aria-label': t.session.showPassword, tabIndex: 0 }}
        error={tried && password === '' && t.session.needPassword}
        onChange={(event) => setPassword(event.currentTarget.value)} />
      <div>
        <Button type="submit" loading={busy}>{busy ? t.session.submitting : t.session.submit}</Button>
      </div>
      {(passkeysPossible() || offered) && (
        <div className="stack-s">
          <p className="muted small">{t.factor.or}</p>
          {passkeysPossible() && (
            <div>
              <Button variant="default" disabled={busy} onClick={() => void withPasskey()}>{t.factor.passkeySignIn}</Button>
            </div>
          )}
          {offered && <SignOnButton target={signOnTarget!} />}
        </div>
      )}
    </form>
  );
}
