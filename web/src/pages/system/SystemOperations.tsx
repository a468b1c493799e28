import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { System } from '../../api/types';
import { useWords } from '../../i18n';

export function SystemOperations({ system }: { system: System }) {
  const { t } = useWords();
  const label = useLabels();
  return (
    <section id="van-hanh" aria-labelledby="van-hanh-h">
      <h2 id="van-hanh-h">{t.system.operations}</h2>
      <dl className="pairs">
        <Group name={t.system.contacts} lines={system.contacts.map((contact) => (
          <>
            <span className="strong">{contact.name}</span>{contact.title && `, ${contact.title}`}
            {contact.purpose && ` (${label(GROUPS.contactPurpose, contact.purpose)})`}
            {contact.phone && <> · <a href={`tel:${contact.phone}`}>{contact.phone}</a></>}
            {contact.email && <> · <a href={`mailto:${contact.email}`}>{contact.email}</a></>}
          </>
        ))} />
        <Group name={t.system.addresses} lines={system.addresses.map((address) => (
          <><span className="code">{address.value}</span> <span className="muted">
            {label(GROUPS.addressKind, address.kind)}{address.note && `, ${address.note}`}
          </span></>
        ))} />
        <Group name={t.system.components} lines={system.components.map((component) => (
          <>
            <span className="strong">{component.name}</span>{' '}
            <span className="muted">
              {[label(GROUPS.componentKind, component.kind), component.product, component.version,
                component.location, component.purpose].filter(Boolean).join(' · ')}
            </span>
          </>
        ))} />
        <Group name={t.system.units} lines={system.units.map((unit) => (
          <>
            <Link to={`/to-chuc/${unit.organisation.id}`}>{unit.organisation.name}</Link>
            {unit.duty && `: ${unit.duty}`}
          </>
        ))} />
        <Group name={t.system.relations} lines={system.relations.map((relation) => (
          <>
            {label(GROUPS.relationKind, relation.kind)}{' '}
            <Link to={`/he-thong/${relation.system.id}`}>{relation.system.name}</Link>
          </>
        ))} />
      </dl>
    </section>
  );
}

function Group({ name, lines }: { name: string; lines: ReactNode[] }) {
  const { t } = useWords();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {lines.length === 0 ? <span className="muted">{t.common.notGiven}</span> : (
          <ul className="plain stack-s">{lines.map((line, index) => <li key={index}>{line}</li>)}</ul>
        )}
      </dd>
    </div>
  );
}
