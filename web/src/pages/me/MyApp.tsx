import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, body, renewing } from '../../api/client';
import type { components } from '../../api/schema';
import type { Factors } from '../../api/types';
import { Notice, Said } from '../../components/Notice';
import { useWords } from '../../i18n';
import { AskTwice } from './AskTwice';
import { PasswordField } from './PasswordField';
import { QrCode } from './QrCode';
import { useFactorChange } from './useFactorChange';

type Secret = components['schemas']['TotpSecret'];

export function MyApp({ factors }: { factors: Factors }) {
  const { t } = useWords();
  const change = useFactorChange();
  const [secret, setSecret] = useState<Secret | null>(null);
  const [password, setPassword] = useState('');
  const [asking, setAsking] = useState(false);
  const [missing, setMissing] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const { totp, passkeys } = factors.state;
  const first = !totp && passkeys === 0;

  async function begin() {
    setSaid(null);
    setMissing(first && password === '');
    if (first && password === '') {
      return;
    }
    await change.run(async () => {
      setSecret(await body(api.POST('/api/v1/me/factors/totp', { body: first ? { password } : {} })));
      setAsking(false);
      setPassword('');
    });
  }

  return (
    <section className="panel stack" aria-labelledby="ung-dung">
      <div className="spread">
        <h3 id="ung-dung">{t.me.app}</h3>
        <span className={totp ? 'mark mark-good' : 'mark mark-quiet'}>{totp ? t.me.appOn : t.me.appOff}</span>
      </div>
      <p className="muted">{t.me.appText}</p>
      <Said text={said} />
      <div role="alert">{change.problem !== null && <p className="alert-line">{change.problem}</p>}</div>
      {!factors.totp_possible && <Notice tone="warn"><p>{t.me.appImpossible}</p></Notice>}
      {secret !== null && <FirstCode secret={secret} onDone={(done) => { setSecret(null); setSaid(done ? t.me.added : null); }} />}
      {secret === null && factors.totp_possible && (
        <form className="stack" onSubmit={(event) => { event.preventDefault(); void begin(); }} noValidate>
          {asking && first && (
            <PasswordField autoFocus value={password} error={change.at('/password') ?? (missing ? t.me.needPassword : undefined)}
              onChange={setPassword} />
          )}
          <div className="row">
            <Button type={asking || !first ? 'submit' : 'button'} variant={totp ? 'default' : 'filled'} loading={change.busy}
              onClick={asking || !first ? undefined : (event) => { event.preventDefault(); setAsking(true); }}>
              {totp ? t.me.appReplace : t.me.appAdd}
            </Button>
            {totp && (
              <AskTwice name={t.me.appRemove} question={t.me.appRemoveAsk} busy={change.busy}
                onYes={async () => {
                  const gone = await change.run(() => body(api.DELETE('/api/v1/me/factors/totp')));
                  setSaid(gone ? t.me.removed : null);
                  return gone;
                }} />
            )}
          </div>
        </form>
      )}
    </section>
  );
}

/* The secret, and the first code that shows that the app has it. */
function FirstCode({ secret, onDone }: { secret: Secret; onDone(done: boolean): void }) {
  const { t } = useWords();
  const change = useFactorChange();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const value = code.replaceAll(/\s/g, '');
    setMissing(!/^\d{6}$/.test(value));
    if (/^\d{6}$/.test(value) && await change.run(() =>
      renewing(() => body(api.POST('/api/v1/me/factors/totp/confirm', { body: { code: value } }))))) {
      onDone(true);
    }
  }

  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <p className="strong">{t.me.appScan}</p>
      <QrCode text={secret.uri} label={t.me.appScanLabel} />
      <p>{t.me.appSecret}: <code className="secret">{secret.secret.match(/.{4}/g)?.join(' ')}</code></p>
      <div role="alert">{change.problem !== null && <p className="alert-line">{change.problem}</p>}</div>
      <TextInput label={t.me.appFirst} description={t.factor.codeHint} value={code} inputMode="numeric" maxLength={11}
        autoComplete="one-time-code" className="code-field" error={missing && t.factor.needCode} autoFocus
        inputWrapperOrder={['label', 'description', 'error', 'input']}
        onChange={(event) => setCode(event.currentTarget.value)} />
      <div className="row">
        <Button type="submit" loading={change.busy}>{t.me.appConfirm}</Button>
        <Button variant="default" onClick={() => onDone(false)}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
