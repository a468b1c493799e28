import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { sessionsQuery } from '../../api/queries';
import type { SessionRow } from '../../api/types';
import { Gate } from '../../components/Gate';
import { useWords } from '../../i18n';
import { AskTwice } from './AskTwice';
import { deviceName } from './device';
import { useFactorChange } from './useFactorChange';

export function MySessions() {
  const { t } = useWords();
  const sessions = useQuery(sessionsQuery);
  const change = useFactorChange();
  const [done, setDone] = useState<string | null>(null);

  async function end(ask: () => Promise<unknown>, said: string): Promise<boolean> {
    const good = await change.run(ask);
    setDone(good ? said : null);
    return good;
  }

  const others = sessions.data?.filter((row) => !row.current) ?? [];
  return (
    <section className="stack" aria-labelledby="phien">
      <div className="spread">
        <h2 id="phien">{t.me.sessions}</h2>
        {others.length > 0 && (
          <AskTwice name={t.me.endOthers} question={t.me.endOthersAsk} busy={change.busy}
            onYes={() => end(() => body(api.DELETE('/api/v1/me/sessions')), t.me.endedOthers)} />
        )}
      </div>
      <p className="muted measure">{t.me.sessionsText}</p>
      <div role="alert">{change.problem !== null && <p className="alert-line">{change.problem}</p>}</div>
      <div role="status">{done}</div>
      <Gate query={sessions} rows={3}>
        {(rows) => (
          <ul className="plain panel me-rows">
            {rows.map((row) => (
              <Session key={row.id} row={row} name={deviceName(row.user_agent, t)} busy={change.busy}
                onEnd={() => end(() => body(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id: row.id } } })), t.me.endedOne)} />
            ))}
          </ul>
        )}
      </Gate>
    </section>
  );
}

function Session({ row, name, busy, onEnd }: { row: SessionRow; name: string; busy: boolean; onEnd(): Promise<boolean> }) {
  const { t, moment } = useWords();
  const factor = row.factor_at === null ? '' : `, ${t.me.withFactor(moment(row.factor_at))}`;
  return (
    <li className="spread">
      <div className="stack-s grow">
        <p className="strong">{name}{row.current && <span className="this-session"> ({t.me.thisSession})</span>}</p>
        <p className="muted small">
          {row.address !== '' && <>{t.me.address} {row.address} · </>}
          {t.me.lastSeen} {moment(row.last_seen_at)} · {t.me.signedInAt} {moment(row.created_at)} · {t.me.methods[row.method]}{factor}
        </p>
      </div>
      {!row.current && (
        <AskTwice name={t.me.end} label={t.me.endNamed(name)} question={t.me.endAsk(name)} busy={busy} onYes={onEnd} />
      )}
    </li>
  );
}
