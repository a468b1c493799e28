import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import type { Tagged } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { labelQuery, useLabels } from '../../api/queries';
import type { Label } from '../../api/types';
import { Gate } from '../../components/Gate';
import { Icon } from '../../components/Icon';
import { Notice } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { LabelStateMark, stateIcon } from '../../components/StateMark';
import { useWords } from '../../i18n';
import { LabelSteps } from './LabelSteps';

export function LabelPage() {
  const { id = '' } = useParams();
  return <Gate query={useQuery(labelQuery(id))}>{(loaded) => <LabelThing key={id} loaded={loaded} />}</Gate>;
}

/* A link written by a person: only shown as a link when it leads to a web page. */
function Outside({ url }: { url: string }) {
  const { t } = useWords();
  if (url === '') {
    return <span className="muted">{t.common.notGiven}</span>;
  }
  return /^https?:\/\//.test(url)
    ? <a href={url} rel="noreferrer noopener" target="_blank">{url} <span className="small muted">({t.common.externalLink})</span></a>
    : <>{url}</>;
}

function LabelThing({ loaded }: { loaded: Tagged<Label> }) {
  const { t, date } = useWords();
  const codes = useLabels();
  const label = loaded.data;
  const said = (useLocation().state as { said?: string } | null)?.said ?? null;
  const [done, setDone] = useState<string | null>(said);
  return (
    <article className="stack">
      <div role="status">{done !== null && <Notice tone="good">{t.label.done[done]}</Notice>}</div>
      <header className="thing-head">
        <p className="code muted">{label.code}</p>
        <PageTitle title={t.label.title(label.target)} />
        <div className="row">
          <LabelStateMark state={label.state} />
          <span className="strong">{codes(GROUPS.labelGrade, label.grade)}</span>
          {label.expires_on !== null && <span className="muted">{t.label.expiresOn}: {date(label.expires_on)}</span>}
        </div>
      </header>
      <div className="thing">
        <div className="thing-sections">
          <LabelSteps loaded={loaded} onDone={setDone} />
          <section aria-labelledby="nhan-h">
            <h2 id="nhan-h">{t.label.about}</h2>
            <dl className="pairs">
              <div><dt>{t.label.type}</dt><dd>{codes(GROUPS.labelType, label.type)}</dd></div>
              <div><dt>{t.label.issuer}</dt><dd>{label.issuer || <span className="muted">{t.common.notGiven}</span>}</dd></div>
              <div><dt>{t.label.grantedOn}</dt><dd>{date(label.granted_on)}</dd></div>
              <div><dt>{t.label.expiresOn}</dt><dd>{date(label.expires_on)}</dd></div>
              <div><dt>{t.label.certificate}</dt><dd><Outside url={label.certificate_url} /></dd></div>
              <div><dt>{t.label.evidence}</dt><dd><Outside url={label.evidence_url} /></dd></div>
              {label.reason !== '' && <div><dt>{t.common.reason}</dt><dd className="pre">{label.reason}</dd></div>}
            </dl>
          </section>
          <History label={label} />
        </div>
        <aside aria-label={t.common.details}>
          <section>
            <h2>{t.dossier.people}</h2>
            <p className="small muted">{t.common.operator}</p>
            <p><Link to={`/to-chuc/${label.operator.id}`}>{label.operator.name}</Link></p>
            <p className="small muted">{t.common.governing}</p>
            <p><Link to={`/to-chuc/${label.governing.id}`}>{label.governing.name}</Link></p>
          </section>
          {label.system !== null && (
            <section>
              <h2>{t.label.system}</h2>
              <p><Link to={`/he-thong/${label.system.id}`}>{label.system.name}</Link></p>
            </section>
          )}
        </aside>
      </div>
    </article>
  );
}

function History({ label }: { label: Label }) {
  const { t, moment } = useWords();
  const codes = useLabels();
  return (
    <section aria-labelledby="dien-bien-h">
      <h2 id="dien-bien-h">{t.label.history}</h2>
      <ol className="timeline">
        {label.events.map((event) => (
          <li key={event.at + event.to_state}>
            <Icon name={stateIcon(event.to_state)} />
            <p className="strong">{codes(GROUPS.labelState, event.to_state)}</p>
            <p className="small muted">{moment(event.at)}, {event.actor_name}</p>
            {event.reason !== '' && <p className="pre">{event.reason}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
