/* What was said and decided, and when: opinions, decision, timeline. Never changed, only added to. */
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { Dossier } from '../../api/types';
import { Icon } from '../../components/Icon';
import { stateIcon } from '../../components/StateMark';
import { useWords } from '../../i18n';

export function Opinions({ dossier }: { dossier: Dossier }) {
  const { t, moment } = useWords();
  const label = useLabels();
  return (
    <section aria-labelledby="y-kien-h">
      <h2 id="y-kien-h">{t.dossier.opinions}</h2>
      {dossier.opinions.length === 0 && <p className="muted">{t.dossier.opinionsNone}</p>}
      {dossier.opinions.map((opinion) => (
        <div key={opinion.at} className="panel stack-s">
          <p>
            <span className={`mark mark-${opinion.conclusion === 'suitable' ? 'good' : 'bad'}`}>
              <Icon name={opinion.conclusion === 'suitable' ? 'approved' : 'refused'} />
              <span className="strong">{label(GROUPS.conclusion, opinion.conclusion)}</span>
            </span>
          </p>
          {opinion.reasons !== '' && <p className="pre">{opinion.reasons}</p>}
          <p className="small muted">
            {t.dossier.opinionOf(opinion.submission)} · {label(GROUPS.method, opinion.method)} · {opinion.appraiser_name}, {moment(opinion.at)}
          </p>
        </div>
      ))}
    </section>
  );
}

export function DecisionView({ dossier }: { dossier: Dossier }) {
  const { t, date } = useWords();
  const label = useLabels();
  const decision = dossier.decision;
  return (
    <section aria-labelledby="qd-h">
      <h2 id="qd-h">{t.dossier.decision}</h2>
      {decision === null ? <p className="muted">{t.dossier.decisionNone}</p> : (
        <div className="panel stack-s">
          <p>
            <span className={`mark mark-${decision.outcome === 'approved' ? 'good' : 'bad'}`}>
              <Icon name={stateIcon(decision.outcome)} />
              <span className="strong">{label(GROUPS.dossierState, decision.outcome)}</span>
            </span>
          </p>
          <p>{t.system.decisionLine(decision.number, date(decision.decided_on))}, {decision.organisation.name}</p>
          <p>{t.system.signedBy(decision.signer_name, decision.capacity)}</p>
          {decision.reason !== '' && <p className="pre">{t.common.reason}: {decision.reason}</p>}
          <p className="small muted">{t.dossier.hash}:<br /><code className="hash">{decision.snapshot_sha256}</code></p>
        </div>
      )}
    </section>
  );
}

export function Timeline({ dossier }: { dossier: Dossier }) {
  const { t, moment, date } = useWords();
  const label = useLabels();
  return (
    <section aria-labelledby="dien-bien-h">
      <h2 id="dien-bien-h">{t.dossier.timeline}</h2>
      <ol className="timeline">
        {dossier.events.map((event) => (
          <li key={event.id}>
            <Icon name={stateIcon(event.to_state)} />
            <p className="strong">{label(GROUPS.dossierState, event.to_state)}</p>
            <p className="small muted">
              {moment(event.at)}, {event.actor_name}{event.capacity !== '' && `, ${event.capacity}`}
            </p>
            {event.reason !== '' && <p className="pre">{event.reason}</p>}
            {event.due_on !== null && <p className="small muted">{t.common.due(date(event.due_on))}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
