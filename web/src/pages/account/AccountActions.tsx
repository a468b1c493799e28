/* What can be done to an account, each asked twice. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, tagged, type Tagged } from '../../api/client';
import type { Account } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { LinkShown } from './LinkShown';

type Act = 'link' | 'disable' | 'enable';

interface Props {
  loaded: Tagged<Account>;
  onDone(text: string | null): void;
}

export function AccountActions({ loaded, onDone }: Props) {
  const { t } = useWords();
  const account = loaded.data;
  const name = account.display_name;
  const [asking, setAsking] = useState<Act | null>(null);
  const { busy, failure, send } = useSubmission();
  const [shown, setShown] = useState<Account | null>(null);
  const reset = account.state === 'active';
  const texts: Record<Act, { button: string; question: string; text: string }> = {
    link: reset
      ? { button: t.account.reset, question: t.account.resetAsk(name), text: t.account.resetText }
      : { button: t.account.newLink, question: t.account.newLinkAsk(name), text: t.account.newLinkText },
    disable: { button: t.account.disable, question: t.account.disableAsk(name), text: t.account.disableText },
    enable: { button: t.account.enable, question: t.account.enableAsk(name), text: t.account.enableText },
  };

  function post(act: Act, key: string) {
    const path = { id: account.id };
    if (act === 'link') {
      return tagged(api.POST('/api/v1/accounts/{id}/links', { params: { path, header: { 'Idempotency-Key': key } } }));
    }
    const params = { path, header: { 'Idempotency-Key': key, 'If-Match': loaded.etag } };
    return act === 'disable' ? tagged(api.POST('/api/v1/accounts/{id}/disable', { params }))
      : tagged(api.POST('/api/v1/accounts/{id}/enable', { params }));
  }

  async function run(act: Act) {
    onDone(null);
    const sent = await send(act, (key) => post(act, key));
    setAsking(null);
    if (sent !== null) {
      setShown(act === 'link' ? sent.data.data : null);
      onDone(act === 'link' ? null : act === 'disable' ? t.account.disabledDone : t.account.enabledDone);
    }
  }

  const acts: Act[] = account.state === 'disabled' ? ['enable'] : ['link', 'disable'];
  return (
    <div className="stack">
      <div role="alert">{failure !== null && <p className="alert-line">{failure.title}</p>}</div>
      {acts.map((act) => (
        <div key={act}>
          <Button variant="default" fullWidth disabled={busy} onClick={() => setAsking(act)}>{texts[act].button}</Button>
        </div>
      ))}
      <Dialog opened={asking !== null} onClose={() => setAsking(null)} title={asking === null ? '' : texts[asking].button}>
        {asking !== null && (
          <div className="stack">
            <p className="strong">{texts[asking].question}</p>
            <p>{texts[asking].text}</p>
            <div className="row">
              <Button className={asking === 'enable' ? undefined : 'danger'} variant="default" loading={busy}
                onClick={() => void run(asking)}>
                {texts[asking].button}
              </Button>
              <Button variant="default" onClick={() => setAsking(null)}>{t.common.cancel}</Button>
            </div>
          </div>
        )}
      </Dialog>
      <Dialog opened={shown !== null} onClose={() => setShown(null)} size="lg" stays title={name}>
        {shown !== null && <LinkShown account={shown} onDone={() => setShown(null)} />}
      </Dialog>
    </div>
  );
}
