/* What happened to an organisation, newest first, and every code it had. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { GROUPS } from '../../api/groups';
import { organisationHistoryQuery, useLabels } from '../../api/queries';
import type { OrganisationCode, OrganisationEvent } from '../../api/types';
import { Gate } from '../../components/Gate';
import { Icon, type IconName } from '../../components/Icon';
import { More } from '../../components/More';
import { useWords } from '../../i18n';

const ICONS: Record<OrganisationEvent['kind'], IconName> = {
  created: 'building', renamed: 'pencil', moved: 'up', code_changed: 'table', merged: 'received', split: 'columns',
  dissolved: 'withdrawn', restored: 'returned',
};

export function OrganisationHistory({ id }: { id: string }) {
  const { t } = useWords();
  const query = useInfiniteQuery(organisationHistoryQuery(id));
  return (
    <>
      <section aria-labelledby="lich-su-h">
        <h2 id="lich-su-h">{t.organisationHistory.title}</h2>
        <Gate query={query} rows={3}>
          {({ pages }) => pages[0]!.items.length === 0 ? <p className="muted">{t.organisationHistory.none}</p> : (
            <ol className="timeline">
              {pages.flatMap((page) => page.items).map((event) => <Event key={event.id} event={event} />)}
            </ol>
          )}
        </Gate>
        <More query={query} />
      </section>
      <Codes codes={query.data?.pages[0]?.codes ?? []} />
    </>
  );
}

function Event({ event }: { event: OrganisationEvent }) {
  const { t, date, moment } = useWords();
  const label = useLabels();
  const relation = t.organisationHistory.part[`${event.kind} ${event.part}`];
  return (
    <li>
      <Icon name={ICONS[event.kind]} />
      <p className="strong">
        {label(GROUPS.organisationEvent, event.kind)}
        {' · '}{event.effective_on === null ? t.organisationHistory.unknownDay : date(event.effective_on)}
      </p>
      {event.document_number !== '' && <p className="small">{t.organisationHistory.document(event.document_number)}</p>}
      {relation !== undefined && event.parties.length > 0 && (
        <div>
          <p>{relation}:</p>
          <ul className="plain">
            {event.parties.map((party) => (
              <li key={party.id}><Link to={`/to-chuc/${party.id}`}>{party.name}</Link> <span className="muted">{party.code}</span></li>
            ))}
          </ul>
        </div>
      )}
      <Facts event={event} />
      {event.note !== '' && <p className="pre">{event.note}</p>}
      <Moved moved={event.moved} title={t.organisationHistory.moved} />
      {event.recorded_by != null && event.recorded_by !== '' && (
        <p className="small muted">{t.organisationHistory.recorded(event.recorded_by, moment(event.recorded_at))}</p>
      )}
    </li>
  );
}

/* What a change made of what; a beginning has only what it began with. */
function Facts({ event }: { event: OrganisationEvent }) {
  const { t } = useWords();
  if (event.kind === 'renamed') {
    return <p>{t.organisationHistory.from}: <del>{event.before.name}</del><br />{t.organisationHistory.to}: {event.after.name}</p>;
  }
  if (event.kind === 'code_changed') {
    return (
      <p>
        {event.before.code !== undefined && <>{t.organisationHistory.from}: <Scheme code={event.before.code} scheme={event.before.scheme} /><br /></>}
        {t.organisationHistory.to}: <Scheme code={event.after.code} scheme={event.after.scheme} />
      </p>
    );
  }
  if (event.kind === 'moved') {
    return (
      <p>
        {t.organisationHistory.from}: <Place parent={event.before.parent} /><br />
        {t.organisationHistory.to}: <Place parent={event.after.parent} />
      </p>
    );
  }
  return event.kind === 'created' && event.after.name !== undefined
    ? <p>{event.after.name} <span className="muted">{event.after.code}</span></p> : null;
}

function Scheme({ code, scheme }: { code: string | undefined; scheme: string | undefined }) {
  const label = useLabels();
  return <><span className="code">{code}</span> <span className="muted">{scheme !== undefined && label(GROUPS.organisationCodeScheme, scheme)}</span></>;
}

function Place({ parent }: { parent: { id: string; name: string } | null | undefined }) {
  const { t } = useWords();
  return parent == null ? <>{t.organisationHistory.nothing}</> : <Link to={`/to-chuc/${parent.id}`}>{parent.name}</Link>;
}

const COUNTS = ['systems', 'open_dossiers', 'closed_dossiers', 'labels', 'units', 'posts_ended', 'posts_followed', 'assignments',
  'entrusted_ended'] as const;

/** How much goes, or went, over with a change; nothing when nothing does. */
export function Moved({ moved, title }: { moved: OrganisationEvent['moved']; title: string }) {
  const { t, number } = useWords();
  const rows = COUNTS.filter((name) => (moved?.[name] ?? 0) > 0);
  if (rows.length === 0) {
    return null;
  }
  return (
    <div>
      <p>{title}:</p>
      <ul className="plain">
        {rows.map((name) => <li key={name}>{number(moved?.[name] ?? 0)} {t.organisationHistory.counts[name]}</li>)}
      </ul>
    </div>
  );
}

function Codes({ codes }: { codes: OrganisationCode[] }) {
  const { t, date } = useWords();
  const label = useLabels();
  if (codes.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="ma-h">
      <h2 id="ma-h">{t.organisationHistory.codes}</h2>
      <ul className="plain stack-s">
        {codes.map((code) => (
          <li key={`${code.scheme} ${code.code} ${code.valid_from}`}>
            <span className="code strong">{code.code}</span> <span className="muted">
              {label(GROUPS.organisationCodeScheme, code.scheme)} · {t.organisationHistory.codeSpan(
                code.valid_from === null ? '…' : date(code.valid_from),
                code.valid_to === null ? t.organisationHistory.now : date(code.valid_to),
              )}
              {code.document_number !== '' && ` · ${code.document_number}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
