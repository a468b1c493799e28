import { Button, PasswordInput } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { api, body } from '../../api/client';
import { fieldId } from '../../api/problem';
import { useMe } from '../../api/queries';
import { Said } from '../../components/Notice';
import { useWords } from '../../i18n';
import { lengthOf, NewPassword } from '../account/NewPassword';
import { useFactorChange } from './useFactorChange';

const ALONE = 15;
const BESIDE_FACTOR = 8;

export function MyPassword() {
  const { t } = useWords();
  const me = useMe();
  const change = useFactorChange();
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const factors = me?.second_factors;
  const least = factors !== undefined && (factors.totp || factors.passkeys > 0) ? BESIDE_FACTOR : ALONE;

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    setDone(false);
    if (current === '' || lengthOf(wanted) < least) {
      return;
    }
    if (await change.run(() => body(api.PUT('/api/v1/me/password', { body: { current, password: wanted } })))) {
      setCurrent('');
      setWanted('');
      setDone(true);
      close();
    }
  }

  function close() {
    change.clear();
    setTried(false);
    setOpen(false);
    requestAnimationFrame(() => opener.current?.focus());
  }

  const short = tried && lengthOf(wanted) < least ? t.password.needLonger(least) : undefined;
  return (
    <section className="stack" aria-labelledby="mat-khau">
      <h2 id="mat-khau">{t.password.title}</h2>
      <p className="muted measure">{t.password.text}</p>
      <Said text={done ? t.password.changed : null} />
      {!open && (
        <div>
          <Button variant="default" ref={opener} onClick={() => { setDone(false); setOpen(true); }}>{t.password.change}</Button>
        </div>
      )}
      {open && (
        <form className="panel stack" noValidate onSubmit={(event) => void submit(event)}>
          <div role="alert">{change.problem !== null && <p className="alert-line">{change.problem}</p>}</div>
          <input type="text" autoComplete="username" value={me?.username ?? ''} readOnly hidden />
          <PasswordInput id={fieldId('/current')} label={t.password.current} autoComplete="current-password" value={current}
            className="me-field" autoFocus error={tried && current === '' ? t.password.needCurrent : change.at('/current')}
            inputWrapperOrder={['label', 'description', 'error', 'input']}
            visibilityToggleButtonProps={{ 'aria-label': t.session.showPassword, tabIndex: 0 }}
            onChange={(event) => setCurrent(event.currentTarget.value)} />
          <NewPassword pointer="/password" value={wanted} least={least} error={short ?? change.at('/password')} onChange={setWanted} />
          <div className="row">
            <Button type="submit" loading={change.busy}>{t.password.change}</Button>
            <Button variant="default" onClick={() => { setCurrent(''); setWanted(''); close(); }}>{t.common.cancel}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
