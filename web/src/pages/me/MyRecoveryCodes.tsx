import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { FactorState } from '../../api/types';
import { Copy } from '../../components/Copy';
import { Icon } from '../../components/Icon';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import { AskTwice } from './AskTwice';
import { useFactorChange } from './useFactorChange';

export function MyRecoveryCodes({ state }: { state: FactorState }) {
  const { t } = useWords();
  const change = useFactorChange();
  const [codes, setCodes] = useState<string[] | null>(null);
  const any = state.totp || state.passkeys > 0;

  const make = () => change.run(async () => {
    setCodes((await body(api.POST('/api/v1/me/factors/recovery-codes'))).codes);
  });

  return (
    <section className="panel stack" aria-labelledby="ma-khoi-phuc">
      <h3 id="ma-khoi-phuc">{t.me.recovery}</h3>
      <p className="muted">{t.me.recoveryText}</p>
      <div role="alert">{change.problem !== null && <p className="alert-line">{change.problem}</p>}</div>
      {codes === null && (
        <>
          <p>{!any ? t.me.recoveryFirst : state.recovery_codes > 0 ? t.me.recoveryLeft(state.recovery_codes) : t.me.recoveryNone}</p>
          {any && state.recovery_codes === 0 && (
            <div><Button loading={change.busy} onClick={() => void make()}>{t.me.recoveryMake}</Button></div>
          )}
          {any && state.recovery_codes > 0 && (
            <div><AskTwice name={t.me.recoveryRenew} question={t.me.recoveryRenewAsk} busy={change.busy} onYes={make} /></div>
          )}
        </>
      )}
      {codes !== null && (
        <>
          <Notice tone="warn"><p>{t.me.recoveryOnce}</p></Notice>
          <ol className="plain recovery-codes">
            {codes.map((code) => <li key={code}><code>{code}</code></li>)}
          </ol>
          <div className="row no-print">
            <Copy text={codes.join('\n')} label={t.me.copy} />
            <Button variant="default" leftSection={<Icon name="print" />} onClick={() => window.print()}>{t.common.print}</Button>
            <Button onClick={() => setCodes(null)}>{t.me.done}</Button>
          </div>
        </>
      )}
    </section>
  );
}
