/* One's own part of the security log: a section of the page of one's account. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { myActivityQuery, useMe } from '../../api/queries';
import type { SecurityEvent } from '../../api/types';
import { Gate } from '../../components/Gate';
import { More } from '../../components/More';
import { useWords } from '../../i18n';
import { deviceName } from '../me/device';
import { EventName, OutcomeMark } from '../security/EventText';
import '../security/security.css';

export function MyActivity() {
  const { t } = useWords();
  const pages = useInfiniteQuery(myActivityQuery);
  return (
    <section className="stack" aria-labelledby="hoat-dong">
      <h2 id="hoat-dong">{t.security.mine}</h2>
      <p className="muted measure">{t.security.mineLead}</p>
      <Gate query={pages} rows={4}>
        {(data) => data.pages[0]!.items.length === 0 ? <p>{t.security.mineEmpty}</p> : (
          <>
            <ol className="activity">
              {data.pages.flatMap((page) => page.items).map((event) => <Line key={event.id} event={event} />)}
            </ol>
            <More query={pages} />
          </>
        )}
      </Gate>
    </section>
  );
}

function Line({ event }: { event: SecurityEvent }) {
  const { t, exact } = useWords();
  const me = useMe();
  const other = event.account !== null && event.account.name !== '' && event.account.id !== me?.id;
  const from = [event.address, event.user_agent === '' ? '' : deviceName(event.user_agent, t)].filter((part) => part !== '').join(' · ');
  return (
    <li>
      <time dateTime={event.at}>{exact(event.at)}</time>
      <div>
        <EventName event={event} />
        {event.subject !== null && event.subject.id !== me?.id && <span className="event-detail">{event.subject.name}</span>}
        {other && <span className="event-detail">{t.security.byOther(event.account!.name)}</span>}
        {from !== '' && <span className="event-detail" title={event.user_agent}>{from}</span>}
      </div>
      <OutcomeMark outcome={event.outcome} />
    </li>
  );
}
