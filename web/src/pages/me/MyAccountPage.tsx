import { useQuery } from '@tanstack/react-query';
import { GROUPS } from '../../api/groups';
import { factorsQuery, meQuery, useLabels } from '../../api/queries';
import { LoadFailed, Waiting } from '../../components/Gate';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { MyActivity } from '../account/MyActivity';
import { MyApp } from './MyApp';
import { MyIdentities } from './MyIdentities';
import { MyPassword } from './MyPassword';
import { MyPasskeys } from './MyPasskeys';
import { MyRecoveryCodes } from './MyRecoveryCodes';
import { MySessions } from './MySessions';
import { Wanted } from './Wanted';
import './me.css';

/* How I prove that it is me, and where I am signed in. */
export function MyAccountPage() {
  const { t } = useWords();
  const label = useLabels();
  const me = useQuery(meQuery);
  const factors = useQuery(factorsQuery);
  return (
    <div className="stack-l">
      <div className="stack">
        <PageTitle title={t.me.title} />
        <p className="muted">{t.me.lead}</p>
        {me.data && (
          <dl className="pairs measure">
            <div><dt>{t.me.username}</dt><dd>{me.data.username}</dd></div>
            <div>
              <dt>{t.me.capacities}</dt>
              <dd>
                {me.data.capacities.length === 0 && t.account.noRole}
                <ul className="plain">
                  {me.data.capacities.map((one) => (
                    <li key={one.role + one.organisation.id}>
                      {t.shell.actingAs(label(GROUPS.role, one.role), one.organisation.name)}
                    </li>
                  ))}
                </ul>
              </dd>
            </div>
          </dl>
        )}
      </div>
      <section className="stack" aria-labelledby="buoc-hai">
        <h2 id="buoc-hai">{t.me.factors}</h2>
        <p className="muted measure">{t.me.factorsText}</p>
        {factors.error !== null && <LoadFailed error={factors.error} again={() => void factors.refetch()} />}
        {factors.data === undefined && factors.error === null && <Waiting />}
        {factors.data && (
          <>
            <Wanted state={factors.data.state} />
            <MyApp factors={factors.data} />
            <MyPasskeys factors={factors.data} />
            <MyRecoveryCodes state={factors.data.state} />
          </>
        )}
        <MyIdentities />
      </section>
      <MyPassword />
      <MySessions />
      <MyActivity />
    </div>
  );
}
