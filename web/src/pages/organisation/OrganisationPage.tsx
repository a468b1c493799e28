import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from 'react-router';
import { GROUPS } from '../../api/groups';
import { listQuery, organisationQuery, useLabels, useMay } from '../../api/queries';
import type { Organisation } from '../../api/types';
import { Gate } from '../../components/Gate';
import { Icon } from '../../components/Icon';
import { Notice, Said } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { OrganisationHistory } from './OrganisationHistory';

export function OrganisationPage() {
  const { id = '' } = useParams();
  return <Gate query={useQuery(organisationQuery(id))}>{({ data }) => <OrganisationThing organisation={data} />}</Gate>;
}

function OrganisationThing({ organisation }: { organisation: Organisation }) {
  const { t, date } = useWords();
  const label = useLabels();
  const may = useMay();
  const said = (useLocation().state as { said?: string } | null)?.said === 'changed';
  const valid = organisation.valid_from === null && organisation.valid_to === null ? ''
    : t.organisation.validSpan(organisation.valid_from && date(organisation.valid_from), organisation.valid_to && date(organisation.valid_to));
  const rows = [
    [t.organisation.kind, label(GROUPS.organisationKind, organisation.kind)],
    [t.organisation.status, label(GROUPS.organisationStatus, organisation.status)],
    [t.organisation.valid, valid],
    [t.organisation.mandate, organisation.mandate_document],
    [t.organisation.representative, [organisation.representative, organisation.representative_title].filter(Boolean).join(', ')],
    [t.organisation.address, organisation.address],
    [t.organisation.phone, organisation.phone],
    [t.organisation.email, organisation.email],
  ] as const;
  return (
    <article className="stack">
      <Said text={said ? t.organisationChange.done : null} />
      <header className="thing-head">
        <p className="code muted">{organisation.code}</p>
        <div className="spread">
          <div className="grow"><PageTitle title={organisation.name} /></div>
          {may('organisation.admin') && (
            <div className="row no-print">
              <Button component={Link} to={`/to-chuc/${organisation.id}/thay-doi`} leftSection={<Icon name="plus" />}>
                {t.organisationChange.record}
              </Button>
              <Button component={Link} to={`/to-chuc/${organisation.id}/sua`} variant="default" leftSection={<Icon name="pencil" />}>
                {t.common.edit}
              </Button>
            </div>
          )}
        </div>
        {organisation.status === 'dissolved' && (
          <Notice tone="warn" title={t.organisationHistory.succeeded}>
            {organisation.successor_id !== null && (
              <p>{t.organisationHistory.succeededBy} <OrganisationName id={organisation.successor_id} /></p>
            )}
          </Notice>
        )}
      </header>
      <div className="thing">
        <div className="thing-sections">
          <section aria-labelledby="to-chuc-h">
            <h2 id="to-chuc-h">{t.organisation.about}</h2>
            <dl className="pairs">
              {organisation.parent_id !== null && (
                <div><dt>{t.organisation.parent}</dt><dd><OrganisationName id={organisation.parent_id} /></dd></div>
              )}
              {rows.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value || <span className="muted">{t.common.notGiven}</span>}</dd>
                </div>
              ))}
            </dl>
          </section>
          <Children id={organisation.id} />
          <OrganisationHistory id={organisation.id} />
        </div>
        {(may('system.read') || may('dossier.read')) && (
          <aside aria-label={t.organisation.related}>
            <section>
              <h2>{t.organisation.related}</h2>
              {may('system.read') && (
                <>
                  <p><Link to={`/he-thong?operator_id=${organisation.id}`}>{t.organisation.systemsOperated}</Link></p>
                  <p><Link to={`/he-thong?governing_id=${organisation.id}`}>{t.organisation.systemsGoverned}</Link></p>
                </>
              )}
              {may('dossier.read') && (
                <p><Link to={`/ho-so?operator_id=${organisation.id}`}>{t.organisation.dossiers}</Link></p>
              )}
            </section>
          </aside>
        )}
      </div>
    </article>
  );
}

function OrganisationName({ id }: { id: string }) {
  const name = useQuery(organisationQuery(id)).data?.data.name;
  return <Link to={`/to-chuc/${id}`}>{name ?? '…'}</Link>;
}

const SHOWN = 200;

function Children({ id }: { id: string }) {
  const { t } = useWords();
  const query = useQuery(listQuery<Organisation>('/api/v1/organisations', {
    parent_id: id, sort: 'name', limit: SHOWN, count: 'none',
  }));
  return (
    <section aria-labelledby="truc-thuoc-h">
      <h2 id="truc-thuoc-h">{t.organisation.children}</h2>
      <Gate query={query} rows={2}>
        {({ items, next }) => items.length === 0 ? <p className="muted">{t.organisation.childrenNone}</p> : (
          <>
            <ul className="plain columns">
              {items.map((row) => <li key={row.id}><Link to={`/to-chuc/${row.id}`}>{row.name}</Link></li>)}
            </ul>
            {next !== null && <p><Link to={`/to-chuc?parent_id=${id}`}>{t.common.all}</Link></p>}
          </>
        )}
      </Gate>
    </section>
  );
}
