/* Who may appraise and approve, by which article and record, and why not the one who looks. */
import { useQuery } from '@tanstack/react-query';
import { GROUPS } from '../../api/groups';
import { dossierAuthorityQuery, useLabels } from '../../api/queries';
import type { AuthorityBody, Blocker, Dossier, DossierAuthority } from '../../api/types';
import { Gate } from '../../components/Gate';
import { Icon } from '../../components/Icon';
import { useWords } from '../../i18n';
import { Blockers } from './TransitionPanel';

const OPEN = ['draft', 'submitted', 'received', 'returned', 'appraised'];

export function AuthorityPanel({ dossier }: { dossier: Dossier }) {
  const { t } = useWords();
  const open = OPEN.includes(dossier.state);
  const query = useQuery({ ...dossierAuthorityQuery(dossier.id), enabled: open });
  return open && (
    <section className="panel stack" aria-labelledby="tham-quyen-h" data-testid="authority">
      <h2 id="tham-quyen-h">{t.authority.panel}</h2>
      <Gate query={query} rows={3}>
        {({ appraise, approve }) => (
          <div className="authority">
            <Act title={t.authority.appraise} act={appraise} dossier={dossier} />
            <Act title={t.authority.approve} act={approve} dossier={dossier} />
          </div>
        )}
      </Gate>
    </section>
  );
}

interface ActProps {
  title: string;
  act: DossierAuthority['appraise'];
  dossier: Dossier;
}

function Act({ title, act, dossier }: ActProps) {
  const { t } = useWords();
  return (
    <div className="stack-s">
      <h3>{title}</h3>
      {act.by.length === 0
        ? <p className="muted">{t.authority.nobody}</p>
        : (
          <ul className="plain stack-s">
            {act.by.map((body) => <li key={body.source + (body.record?.id ?? '')}><Body body={body} /></li>)}
          </ul>
        )}
      {act.not_by.length > 0 && (
        <>
          <p className="small muted">{t.authority.notBy}</p>
          <ul className="plain stack-s">
            {act.not_by.map((body) => (
              <li key={body.source + (body.record?.id ?? '')}>
                <Body body={body} />
                <Blockers items={body.reasons as Blocker[]} dossier={dossier} />
              </li>
            ))}
          </ul>
        </>
      )}
      {act.me.allowed
        ? <p className="strong"><Icon name="check" /> {t.authority.meYes}</p>
        : (
          <div>
            <p><Icon name="lock" /> {t.authority.meNo}</p>
            <Blockers items={act.me.reasons} dossier={dossier} />
          </div>
        )}
    </div>
  );
}

function Body({ body }: { body: AuthorityBody }) {
  const { t, date } = useWords();
  const label = useLabels();
  const record = body.record;
  return (
    <>
      <p>
        <span className="strong">{body.name}</span>
        <span className="muted"> · {label(GROUPS.authoritySource, body.source)}</span>
      </p>
      {body.people.map((one) => (
        <p key={one.name} className="small">{label(GROUPS.authorityPost, one.role)}: {one.name}</p>
      ))}
      <p className="small muted">
        {[
          body.rule,
          record !== null && record.document_number !== '' ? t.authority.byRecord(record.document_number) : null,
          record !== null && record.valid_to !== null ? t.authority.until(date(record.valid_to)) : null,
        ].filter((part) => part !== null).join('; ')}
      </p>
    </>
  );
}
