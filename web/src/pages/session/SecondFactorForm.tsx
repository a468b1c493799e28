/* A code of the app, a passkey or a recovery code: the second step of a sign-in and the fresh factor of
 * a running session. */
import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, body, renewing } from '../../api/client';
import { passkeysPossible, provePasskey } from '../../api/passkey';
import { isApiError } from '../../api/problem';
import type { components } from '../../api/schema';
import type { FactorState, Me } from '../../api/types';
import { useWords, type Words } from '../../i18n';

type Proof = components['schemas']['SessionFactor'];

export function explainFactor(error: unknown, { t }: Words): string {
  if (error instanceof DOMException) {
    return error.name === 'SecurityError' ? t.factor.wrongPlace
      : error.name === 'InvalidStateError' ? t.factor.registered : t.factor.cancelled;
  }
  if (!isApiError(error)) {
    return t.errors.network;
  }
  if (error.status === 429) {
    return t.factor.tooMany(Math.max(1, Math.ceil((error.retryAfter ?? 60) / 60)));
  }
  if (error.problem?.code === 'bad_second_factor') {
    return t.factor.wrong;
  }
  return error.problem?.detail ?? error.problem?.title ?? t.errors.busy;
}

interface Props {
  factors: FactorState;
  onShown(me: Me): void;
}

export function SecondFactorForm({ factors, onShown }: Props) {
  const words = useWords();
  const { t } = words;
  const [recovery, setRecovery] = useState(false);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState<'code' | 'passkey' | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const withPasskey = factors.passkeys > 0 && passkeysPossible();
  const withField = recovery || factors.totp;

  async function show(kind: 'code' | 'passkey', proof: () => Promise<Proof>) {
    setBusy(kind);
    setFailure(null);
    try {
      const parts = await proof();
      onShown(await renewing(() => body(api.POST('/api/v1/session/factor', { body: parts }))));
    } catch (error) {
      setFailure(explainFactor(error, words));
      if (isApiError(error) && error.problem?.code === 'bad_second_factor') {
        setTyped('');
      }
    } finally {
      setBusy(null);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const value = recovery ? typed.trim() : typed.replaceAll(/\s/g, '');
    const good = recovery ? value !== '' : /^\d{6}$/.test(value);
    setMissing(!good);
    if (good) {
      void show('code', () => Promise.resolve(recovery ? { recovery_code: value } : { code: value }));
    }
  }

  function change(to: boolean) {
    setRecovery(to);
    setTyped('');
    setFailure(null);
    setMissing(false);
  }

  const field = recovery
    ? { label: t.factor.recoveryCode, description: t.factor.recoveryHint, error: missing && t.factor.needRecovery }
    : { label: t.factor.code, description: t.factor.codeHint, error: missing && t.factor.needCode };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <div role="alert">{failure !== null && <p className="alert-line">{failure}</p>}</div>
      {withField && (
        <>
          <TextInput key={String(recovery)} {...field} value={typed} data-autofocus autoFocus spellCheck={false}
            autoComplete={recovery ? 'off' : 'one-time-code'} inputMode={recovery ? 'text' : 'numeric'}
            maxLength={recovery ? 40 : 11} className="code-field"
            inputWrapperOrder={['label', 'description', 'error', 'input']}
            onChange={(event) => setTyped(event.currentTarget.value)} />
          <div>
            <Button type="submit" loading={busy === 'code'} disabled={busy === 'passkey'}>{t.factor.submit}</Button>
          </div>
        </>
      )}
      {withPasskey && !recovery && (
        <div className="stack-s">
          {withField && <p className="muted small">{t.factor.or}</p>}
          <div>
            <Button variant={withField ? 'default' : 'filled'} loading={busy === 'passkey'} disabled={busy === 'code'}
              data-autofocus={!withField || undefined}
              onClick={() => void show('passkey', () => provePasskey('factor'))}>
              {t.factor.passkey}
            </Button>
          </div>
        </div>
      )}
      {(factors.recovery_codes > 0 || recovery) && (
        <p>
          <button type="button" className="link-button" onClick={() => change(!recovery)}>
            {recovery ? t.factor.useOther : t.factor.useRecovery}
          </button>
        </p>
      )}
    </form>
  );
}
