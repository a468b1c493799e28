import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { accountQuery, useLabels, useMay, useMe } from '../../api/queries';
import type { Account, Membership } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { Gate } from '../../components/Gate';
import { Notice, Said } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { AccountActions } from './AccountActions';
import { AccountState } from './AccountState';
import { EndDialog } from './EndDialog';
import { GrantDialog } from './GrantDialog';
import { Memberships } from './Memberships';

export function PersonPage() {
  const { id = '' } = useParams();
  const may = useMay();
  const query = useQuery({ ...accountQuery(id), enabled: may('account.admin') });
  if (!may('account.admin')) {
    return <ForbiddenPage right="account.admin" />;
  }
  return <Gate query={query}>{(loaded) => <Person loaded={loaded} />}</Gate>;
}

function Person({ loaded }: { loaded: Tagged<Account> }) {
  const { t } = useWords();
  const me = useMe();
  const may = useMay();
  const [said, setSaid] = useState<string | null>(null);
  const [granting, setGranting] = useState(false);
  const [ending, setEnding] = useState<Membership | null>(null);
  const account = loaded.data;
  const own = me?.id === account.id;

  function done(text: string | null) {
    setGranting(false);
    setEnding(null);
    setSaid(text);
  }

  return (
    <article className="stack">
      <header className="thing-head">
        <p className="code muted">{account.username}</p>
        <div className="spread">
          <div className="grow"><PageTitle title={account.display_name} /></div>
          {!own && may('role.grant') && <Button onClick={() => setGranting(true)}>{t.account.grant}</Button>}
        </div>
        <p><AccountState state={account.state} /></p>
      </header>
      <Said text={said} />
      {own && <Notice><p>{t.account.own}</p></Notice>}
      <div className="thing">
        <div className="thing-sections">
          <section className="stack" aria-labelledby="vai-tro">
            <h2 id="vai-tro">{t.account.roles}</h2>
            <p className="muted">{t.account.rolesText}</p>
            <Memberships account={account} onEnd={!own && may('role.grant') ? setEnding : null} />
          </section>
          <section className="stack" aria-labelledby="thong-tin">
            <h2 id="thong-tin">{t.account.about}</h2>
            <Facts account={account} />
          </section>
        </div>
        {!own && <aside aria-label={t.common.details}><AccountActions loaded={loaded} onDone={setSaid} /></aside>}
      </div>
      {granting && <GrantDialog account={account} onClose={() => setGranting(false)} onDone={() => done(t.account.granted)} />}
      {ending !== null && (
        <EndDialog account={account} membership={ending} onClose={() => setEnding(null)} onDone={() => done(t.account.roleEnded)} />
      )}
    </article>
  );
}

function Facts({ account }: { account: Account }) {
  const { t, moment } = useWords();
  const label = useLabels();
  const may = useMay();
  const rows = [
    [t.account.email, account.email],
    [t.account.secondFactor, account.second_factor ? t.account.secondFactorYes : t.account.secondFactorNo],
    [t.account.created, [moment(account.created_at), account.created_by === null ? '' : t.account.createdBy(account.created_by.name)]
      .filter(Boolean).join('. ')],
    [t.account.disabledAt, account.disabled_at === null ? '' : moment(account.disabled_at)],
    [t.account.openLink, account.link === null ? ''
      : t.account.openLinkUntil(label(GROUPS.linkPurpose, account.link.purpose), moment(account.link.expires_at))],
  ] as const;
  return (
    <>
      <dl className="pairs">
        {rows.filter(([, value]) => value !== '').map(([name, value]) => (
          <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
        ))}
      </dl>
      {may('security_log.read') && (
        <p><Link to={`/nhat-ky?account_id=${account.id}`}>{t.account.log}</Link></p>
      )}
    </>
  );
}
