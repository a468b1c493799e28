import { useQuery } from '@tanstack/react-query';
import { dossierChangesQuery } from '../../api/queries';
import type { Dossier } from '../../api/types';
import { ChangeTable } from '../../components/ChangeTable';
import { useWords } from '../../i18n';

export function DossierChanges({ dossier }: { dossier: Dossier }) {
  const { t } = useWords();
  const changes = useQuery(dossierChangesQuery(dossier.id)).data;
  return (
    <section aria-labelledby="doi-h">
      <h2 id="doi-h">{t.dossier.changesTitle}</h2>
      {dossier.submissions === 0 ? <p className="muted">{t.dossier.changesDraft}</p>
        : changes === undefined ? null
          : changes.from_submission === null ? <p className="muted">{t.dossier.changesFirst}</p>
            : changes.items.length === 0 ? <p className="muted">{t.dossier.changesNone}</p> : (
              <>
                <p className="small muted">{t.dossier.changesFrom(changes.from_submission)}</p>
                <ChangeTable changes={changes.items} rulesetId={dossier.ruleset} />
              </>
            )}
    </section>
  );
}
