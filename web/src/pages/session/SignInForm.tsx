import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, body } from '../../api/client';
import { isApiError } from '../../api/problem';
import type { Me } from '../../api/types';
import { useWords, type Words } from '../../i18n';

interface Props {
  username?: string;
  onSignedIn(me: Me): void;
}

function explain(error: unknown, { t }: Words): string {
  if (!isApiError(error)) {
    return t.errors.network;
  }
  if (error.status === 429) {
    return t.session.tooMany(error.retryAfter ?? 60);
  }
  if (error.status === 401) {
    return t.session.wrong;
  }
  return error.problem?.detail ?? error.problem?.title ?? t.errors.busy;
}

export function SignInForm({ username = '', onSignedIn }: Props) {
  const words = useWords();
  const { t } = words;
  const [name, setName] = useState(username);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

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
      onSignedIn(await body(api.POST('/api/v1/session', { body: credentials })));
    } catch (error) {
      setFailure(explain(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <div role="alert">{failure !== null && <p className="alert-line">{failure}</p>}</div>
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
    </form>
  );
}
