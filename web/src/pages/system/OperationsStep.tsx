import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { GROUPS } from '../../api/groups';
import { useCodes, useLabels } from '../../api/queries';
import { errorAt, type Failure } from '../../components/ErrorSummary';
import { SelectField, TextField } from '../../components/Fields';
import { Icon } from '../../components/Icon';
import { Picker } from '../../components/Picker';
import { useWords } from '../../i18n';
import type { Draft } from './draft';

interface Props {
  draft: Draft;
  failure: Failure | null;
  onChange(change: Partial<Draft>): void;
}

interface RowsProps<Row> {
  title: string;
  add: string;
  rows: Row[];
  blank: Row;
  onRows(rows: Row[]): void;
  children(row: Row, index: number, change: (change: Partial<Row>) => void): ReactNode;
}

/* A list of small forms: add one, remove one. */
function Rows<Row>({ title, add, rows, blank, onRows, children }: RowsProps<Row>) {
  const { t } = useWords();
  return (
    <section className="stack-s" aria-label={title}>
      <h3>{title}</h3>
      {rows.map((row, index) => (
        <fieldset key={index} className="sub-form" aria-label={`${title} ${index + 1}`}>
          <div className="sub-form-fields">
            {children(row, index, (change) =>
              onRows(rows.map((other, at) => (at === index ? { ...other, ...change } : other))))}
          </div>
          <button type="button" className="link-button" aria-label={t.system.removeRow(title, index + 1)}
            onClick={() => onRows(rows.filter((_, at) => at !== index))}>
            {t.common.remove}
          </button>
        </fieldset>
      ))}
      <div>
        <Button variant="default" leftSection={<Icon name="plus" />} onClick={() => onRows([...rows, blank])}>
          {add}
        </Button>
      </div>
    </section>
  );
}

export function OperationsStep({ draft, failure, onChange }: Props) {
  const { t } = useWords();
  return (
    <div className="stack-l">
      <Contacts draft={draft} failure={failure} onChange={onChange} />
      <Addresses draft={draft} failure={failure} onChange={onChange} />
      <Components draft={draft} failure={failure} onChange={onChange} />
      <Rows title={t.system.units} add={t.system.addUnit} rows={draft.units}
        blank={{ organisation: null, duty: '' }} onRows={(units) => onChange({ units })}>
        {(row, index, change) => (
          <>
            <Picker path="/api/v1/organisations" pointer={`/units/${index}/organisation_id`}
              label={t.system.unitOrganisation} value={row.organisation}
              error={errorAt(failure, `/units/${index}/organisation_id`)}
              onChange={(organisation) => change({ organisation })} />
            <TextField pointer={`/units/${index}/duty`} label={t.system.unitDuty} optional value={row.duty}
              maxLength={300} error={errorAt(failure, `/units/${index}/duty`)}
              onChange={(duty) => change({ duty })} />
          </>
        )}
      </Rows>
      <Relations draft={draft} failure={failure} onChange={onChange} />
    </div>
  );
}

function useCoded() {
  const label = useLabels();
  const codes = useCodes();
  return (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
}

function Contacts({ draft, failure, onChange }: Props) {
  const { t } = useWords();
  const coded = useCoded();
  return (
    <Rows title={t.system.contacts} add={t.system.addContact} rows={draft.contacts}
      blank={{ name: '', title: '', phone: '', email: '', purpose: 'technical' }}
      onRows={(contacts) => onChange({ contacts })}>
      {(row, index, change) => {
        const at = `/contacts/${index}`;
        return (
          <>
            <TextField pointer={`${at}/name`} label={t.system.contactName} value={row.name} maxLength={200}
              error={errorAt(failure, `${at}/name`)} onChange={(name) => change({ name })} />
            <TextField pointer={`${at}/title`} label={t.system.contactTitle} optional value={row.title ?? ''}
              maxLength={200} error={errorAt(failure, `${at}/title`)} onChange={(title) => change({ title })} />
            <TextField pointer={`${at}/phone`} type="tel" label={t.system.contactPhone} optional
              value={row.phone ?? ''} maxLength={60} error={errorAt(failure, `${at}/phone`)}
              onChange={(phone) => change({ phone })} />
            <TextField pointer={`${at}/email`} type="email" label={t.system.contactEmail} optional
              value={row.email ?? ''} maxLength={200} error={errorAt(failure, `${at}/email`)}
              onChange={(email) => change({ email })} />
            <SelectField pointer={`${at}/purpose`} label={t.system.contactPurpose}
              choices={coded(GROUPS.contactPurpose)} value={row.purpose ?? 'technical'}
              onChange={(purpose) => change({ purpose: purpose as typeof row.purpose })} />
          </>
        );
      }}
    </Rows>
  );
}

function Addresses({ draft, failure, onChange }: Props) {
  const { t } = useWords();
  const coded = useCoded();
  return (
    <Rows title={t.system.addresses} add={t.system.addAddress} rows={draft.addresses}
      blank={{ kind: 'domain', value: '', note: '' }} onRows={(addresses) => onChange({ addresses })}>
      {(row, index, change) => {
        const at = `/addresses/${index}`;
        return (
          <>
            <SelectField pointer={`${at}/kind`} label={t.system.addressKind} choices={coded(GROUPS.addressKind)}
              value={row.kind} onChange={(kind) => change({ kind: kind as typeof row.kind })} />
            <TextField pointer={`${at}/value`} label={t.system.addressValue} hint={t.system.addressValueHint}
              value={row.value} maxLength={253} error={errorAt(failure, `${at}/value`)}
              onChange={(value) => change({ value })} />
            <TextField pointer={`${at}/note`} label={t.system.addressNote} optional value={row.note ?? ''}
              maxLength={300} error={errorAt(failure, `${at}/note`)} onChange={(note) => change({ note })} />
          </>
        );
      }}
    </Rows>
  );
}

function Components({ draft, failure, onChange }: Props) {
  const { t } = useWords();
  const coded = useCoded();
  return (
    <Rows title={t.system.components} add={t.system.addComponent} rows={draft.components}
      blank={{ name: '', kind: 'software', location: '', purpose: '', product: '', version: '' }}
      onRows={(components) => onChange({ components })}>
      {(row, index, change) => {
        const at = `/components/${index}`;
        const text = (name: 'name' | 'location' | 'purpose' | 'product' | 'version', label: string) => (
          <TextField pointer={`${at}/${name}`} label={label} optional={name !== 'name'} value={row[name] ?? ''}
            maxLength={name === 'version' ? 60 : 200} error={errorAt(failure, `${at}/${name}`)}
            onChange={(value) => change({ [name]: value })} />
        );
        return (
          <>
            {text('name', t.system.componentName)}
            <SelectField pointer={`${at}/kind`} label={t.system.componentKind}
              choices={coded(GROUPS.componentKind)} value={row.kind}
              onChange={(kind) => change({ kind: kind as typeof row.kind })} />
            {text('location', t.system.componentLocation)}
            {text('purpose', t.system.componentPurpose)}
            {text('product', t.system.componentProduct)}
            {text('version', t.system.componentVersion)}
          </>
        );
      }}
    </Rows>
  );
}

function Relations({ draft, failure, onChange }: Props) {
  const { t } = useWords();
  const coded = useCoded();
  return (
    <Rows title={t.system.relations} add={t.system.addRelation} rows={draft.relations}
      blank={{ system: null, kind: 'uses' }} onRows={(relations) => onChange({ relations })}>
      {(row, index, change) => (
        <>
          <SelectField pointer={`/relations/${index}/kind`} label={t.system.relationKind}
            choices={coded(GROUPS.relationKind)} value={row.kind}
            onChange={(kind) => change({ kind: kind as typeof row.kind })} />
          <Picker path="/api/v1/systems" pointer={`/relations/${index}/system_id`} label={t.system.relationSystem}
            value={row.system} error={errorAt(failure, `/relations/${index}/system_id`)}
            onChange={(system) => change({ system })} />
        </>
      )}
    </Rows>
  );
}
