/* The summary that prints on one page. */
import { useQuery } from '@tanstack/react-query';
import { GROUPS } from '../../api/groups';
import { rulesetQuery, useLabels, useMe } from '../../api/queries';
import type { Dossier } from '../../api/types';
import { useActing } from '../../app/acting';
import { LevelBadge } from '../../components/LevelBadge';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import { DossierChanges } from './DossierChanges';
import { Opinions } from './DossierRecord';

export function ApprovalSheet({ dossier, hash }: { dossier: Dossier; hash: string | null }) {
  const { t } = useWords();
  const label = useLabels();
  return (
    <div className="thing-sections">
      <section aria-labelledby="de-nghi-h">
        <h2 id="de-nghi-h">{t.dossier.asked}</h2>
        <p>{t.dossier.askedText(
          dossier.approve_party === 'governing_body' ? dossier.governing.name : label(GROUPS.party, dossier.approve_party),
          dossier.operator.name,
        )}</p>
        {dossier.systems.map((row) => (
          <div key={row.system.id} className="panel stack-s">
            <p className="strong">{row.system.name} <span className="code muted small">{row.system.code}</span></p>
            <div className="row">
              <LevelBadge level={row.proposed_level} kind={dossier.state === 'approved' ? 'approved' : 'proposed'} />
              <LevelBadge level={row.computed_level} atLeast={row.at_least} kind="computed" />
            </div>
            <MetCriteria row={row} />
            {row.reason !== '' && <p>{t.dossier.reasonLabel}: {row.reason}</p>}
          </div>
        ))}
      </section>
      <Warnings dossier={dossier} />
      <DossierChanges dossier={dossier} />
      <Opinions dossier={dossier} />
      <SignedText dossier={dossier} hash={hash} />
    </div>
  );
}

function MetCriteria({ row }: { row: Dossier['systems'][number] }) {
  const { t, text } = useWords();
  const met = (row.classification?.trace ?? []).filter((entry) =>
    entry.result === 'true' && entry.level === row.classification?.level);
  return met.length > 0 && (
    <ul className="blockers">
      {met.map((entry) => (
        <li key={entry.criterion}>
          {t.system.met}: {text(entry.text)} <span className="small muted">({entry.article})</span>
        </li>
      ))}
    </ul>
  );
}

function Warnings({ dossier }: { dossier: Dossier }) {
  const { t } = useWords();
  const warnings = [
    dossier.conclusion === 'not_suitable' && t.dossier.warningUnsuitable,
    dossier.overdue && t.dossier.warningOverdue,
    ...dossier.systems.flatMap((row) => row.computed_level === null
      ? [t.dossier.warningOpen(row.system.name)]
      : row.proposed_level > row.computed_level
        ? [t.dossier.warningAbove(row.system.name, row.computed_level, row.proposed_level)] : []),
  ].filter((warning) => warning !== false);
  return (
    <section aria-labelledby="canh-bao-h">
      <h2 id="canh-bao-h">{t.dossier.warnings}</h2>
      {warnings.length === 0 ? <p className="muted">{t.dossier.warningsNone}</p> : (
        <Notice tone="warn">
          <ul className="blockers">{warnings.map((warning) => <li key={warning}>{warning}</li>)}</ul>
        </Notice>
      )}
    </section>
  );
}

function SignedText({ dossier, hash }: { dossier: Dossier; hash: string | null }) {
  const { t, text } = useWords();
  const ruleset = useQuery(rulesetQuery(dossier.ruleset)).data;
  const acting = useActing(useMe());
  return (
    <section aria-labelledby="ky-h">
      <h2 id="ky-h">{t.dossier.exactText}</h2>
      <blockquote className="signed stack-s">
        {ruleset !== undefined && <p>{t.dossier.signBasis(text(ruleset.short_title))}</p>}
        {dossier.systems.map((row) => (
          <p key={row.system.id} className="strong">
            {t.dossier.signLine(row.system.name, row.system.code, row.proposed_level)}
          </p>
        ))}
        <p>{t.dossier.signBodies(dossier.operator.name, dossier.governing.name)}</p>
        {hash !== null && <p className="hash-line">{t.dossier.signSnapshot(dossier.submissions, hash)}</p>}
        <p>{t.dossier.signAs(acting)}</p>
      </blockquote>
    </section>
  );
}
