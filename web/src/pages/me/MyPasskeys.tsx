import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, body, renewing } from '../../api/client';
import { makePasskey, passkeysPossible } from '../../api/passkey';
import type { Factors, Passkey } from '../../api/types';
import { Said } from '../../components/Notice';
import { useWords } from '../../i18n';
import { AskTwice } from './AskTwice';
import { PasswordField } from './PasswordField';
import { useFactorChange } from './useFactorChange';

export function MyPasskeys({ factors }: { factors: Factors }) {
  const { t } = useWords();
  const [said, setSaid] = useState<string | null>(null);
  const elsewhere = factors.passkey_origin !== window.location.origin;
  return (
    <section className="panel stack" aria-labelledby="khoa">
      <h3 id="khoa">{t.me.passkeys}</h3>
      <p className="muted">{t.me.passkeysText}</p>
      <Said text={said} />
      {factors.passkeys.length === 0 && <p>{t.me.passkeyNone}</p>}
      {factors.passkeys.length > 0 && (
        <ul className="plain me-rows">
          {factors.passkeys.map((passkey) => <Row key={passkey.id} passkey={passkey} onSaid={setSaid} />)}
        </ul>
      )}
      {elsewhere && <p>{t.me.passkeyElsewhere(factors.passkey_origin)}</p>}
      {!elsewhere && !passkeysPossible() && <p>{t.me.passkeyUnsupported}</p>}
      {!elsewhere && passkeysPossible() && <Add factors={factors} onSaid={setSaid} />}
    </section>
  );
}

function Add({ factors, onSaid }: { factors: Factors; onSaid(text: string | null): void }) {
  const { t } = useWords();
  const change = useFactorChange();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const first = !factors.state.totp && factors.state.passkeys === 0;

  async function add(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || (first && password === '')) {
      return;
    }
    const added = await change.run(async () => {
      const options = await body(api.POST('/api/v1/me/factors/passkeys/options', { body: first ? { password } : {} }));
      const parts = await makePasskey(options);
      await renewing(() => body(api.POST('/api/v1/me/factors/passkeys', { body: { name: name.trim(), ...parts } })));
    });
    if (added) {
      close();
      onSaid(t.me.added);
    }
  }

  function close() {
    change.clear();
    setOpen(false);
    setName('');
    setPassword('');
    setTried(false);
  }

  if (!open) {
    return (
      <div>
        <Button variant={factors.state.passkeys > 0 ? 'default' : 'filled'} onClick={() => { onSaid(null); setOpen(true); }}>{t.me.passkeyAdd}</Button>
      </div>
    );
  }
  return (
    <form className="stack" onSubmit={(event) => void add(event)} noValidate>
      <div role="alert">{change.problem !== null && <p className="alert-line">{change.problem}</p>}</div>
      <TextInput label={t.me.passkeyName} description={t.me.passkeyNameHint} value={name} maxLength={60} autoFocus
        className="me-field" error={change.at('/name') ?? (tried && name.trim() === '' && t.me.needName)}
        inputWrapperOrder={['label', 'description', 'error', 'input']}
        onChange={(event) => setName(event.currentTarget.value)} />
      {first && (
        <PasswordField value={password} onChange={setPassword}
          error={change.at('/password') ?? (tried && password === '' ? t.me.needPassword : undefined)} />
      )}
      <div className="row">
        <Button type="submit" loading={change.busy}>{t.me.passkeyAdd}</Button>
        <Button variant="default" onClick={close}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}

function Row({ passkey, onSaid }: { passkey: Passkey; onSaid(text: string | null): void }) {
  const { t, date, moment } = useWords();
  const change = useFactorChange();
  const [name, setName] = useState<string | null>(null);
  const params = { path: { id: passkey.id } };

  async function rename(event: FormEvent) {
    event.preventDefault();
    if (name !== null && name.trim() !== '' && await change.run(() => body(api.PATCH('/api/v1/me/factors/passkeys/{id}', {
      params: { ...params, header: { 'If-Match': `"${passkey.version}"` } }, body: { name: name.trim() },
    })))) {
      setName(null);
    }
  }

  const used = passkey.last_used_at === null ? t.me.neverUsed : t.me.used(moment(passkey.last_used_at));
  return (
    <li className="stack-s">
      <div className="spread">
        <div className="grow">
          <p className="strong">{passkey.name}</p>
          <p className="muted small">{t.me.created(date(passkey.created_at))}, {used}</p>
        </div>
        <div className="row">
          <Button variant="default" size="sm" aria-label={`${t.me.passkeyRename}: ${passkey.name}`} aria-expanded={name !== null}
            onClick={() => setName(name === null ? passkey.name : null)}>
            {t.me.passkeyRename}
          </Button>
          <AskTwice name={t.me.passkeyRemove} label={`${t.me.passkeyRemove}: ${passkey.name}`} busy={change.busy}
            question={t.me.passkeyRemoveAsk(passkey.name)}
            onYes={async () => {
              const gone = await change.run(() => body(api.DELETE('/api/v1/me/factors/passkeys/{id}', { params })));
              onSaid(gone ? t.me.removed : null);
              return gone;
            }} />
        </div>
      </div>
      <div role="alert">{change.problem !== null && <p className="alert-line">{change.problem}</p>}</div>
      {name !== null && (
        <form className="row-top" onSubmit={(event) => void rename(event)} noValidate>
          <TextInput label={t.me.passkeyName} value={name} maxLength={60} autoFocus className="me-field"
            error={change.at('/name') ?? (name.trim() === '' && t.me.needName)}
            onChange={(event) => setName(event.currentTarget.value)} />
          <Button type="submit" className="beside-field" loading={change.busy}>{t.common.save}</Button>
        </form>
      )}
    </li>
  );
}
