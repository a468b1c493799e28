/* The fields of one kind of change. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { GROUPS } from '../../api/groups';
import { listQuery, useCodes, useLabels } from '../../api/queries';
import type { Organisation } from '../../api/types';
import { ChoiceLine } from '../../components/Choices';
import { errorAt, type Failure } from '../../components/ErrorSummary';
import { SelectField, TextField } from '../../components/Fields';
import { Icon } from '../../components/Icon';
import { useWords } from '../../i18n';
import type { ChangeDraft, CodeScheme, Receiver } from './change';
import { OrganisationPicker } from './OrganisationPicker';

interface Props {
  organisation: Organisation;
  draft: ChangeDraft;
  failure: Failure | null;
  onChange(part: Partial<ChangeDraft>): void;
}

export function ChangeFields(props: Props) {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  const { draft, failure, onChange } = props;
  switch (draft.kind) {
    case 'renamed':
      return (
        <TextField pointer="/name" label={t.organisationChange.newName} value={draft.name} maxLength={300}
          error={errorAt(failure, '/name')} onChange={(name) => onChange({ name })} />
      );
    case 'moved':
      return (
        <OrganisationPicker pointer="/parent_id" label={t.organisationChange.newParent} hint={t.organisationChange.newParentHint}
          optional id={draft.parent_id} error={errorAt(failure, '/parent_id')} onChange={(parent_id) => onChange({ parent_id })} />
      );
    case 'code_changed':
      return (
        <div className="row-top">
          <TextField pointer="/code" label={t.organisationChange.newCode} hint={t.organisation.codeHint} value={draft.code}
            maxLength={40} error={errorAt(failure, '/code')} onChange={(code) => onChange({ code })} />
          <SelectField pointer="/scheme" label={t.organisation.codeScheme} value={draft.scheme} error={errorAt(failure, '/scheme')}
            choices={codes(GROUPS.organisationCodeScheme).map((code) => ({ value: code, label: label(GROUPS.organisationCodeScheme, code) }))}
            onChange={(scheme) => onChange({ scheme: scheme as CodeScheme })} />
        </div>
      );
    case 'merged':
      return <MergedFields {...props} />;
    case 'dissolved':
      return (
        <OrganisationPicker pointer="/successor_id" label={t.organisationChange.successor} hint={t.organisationChange.successorHint}
          optional id={draft.successor_id} error={errorAt(failure, '/successor_id')}
          onChange={(successor_id) => onChange({ successor_id })} />
      );
    case 'split':
      return <SplitFields {...props} />;
    case 'restored':
    default:
      return null;
  }
}

function MergedFields({ draft, failure, onChange }: Props) {
  const { t } = useWords();
  const put = (index: number, id: string | null) => onChange({ merged: draft.merged.map((old, at) => (at === index ? id : old)) });
  return (
    <div className="stack-s">
      {draft.merged.map((id, index) => (
        <OrganisationPicker key={index} pointer={`/merged/${index}/organisation_id`} label={t.organisationChange.mergedOne(index + 1)}
          id={id} error={errorAt(failure, `/merged/${index}/organisation_id`) ?? (index === 0 ? errorAt(failure, '/merged') : undefined)}
          onChange={(picked) => put(index, picked)} />
      ))}
      <div>
        <Button variant="default" leftSection={<Icon name="plus" />} onClick={() => onChange({ merged: [...draft.merged, null] })}>
          {t.organisationChange.addMerged}
        </Button>
      </div>
    </div>
  );
}

function SplitFields({ organisation, draft, failure, onChange }: Props) {
  const { t } = useWords();
  const put = (index: number, part: Partial<Receiver>) =>
    onChange({ receivers: draft.receivers.map((old, at) => (at === index ? { ...old, ...part } : old)) });
  const systemsError = (index: number) => failure?.fields
    .filter((field) => field.pointer.startsWith(`/successors/${index}/systems`)).map((field) => field.message).join('; ') || undefined;
  const receivers = draft.receivers.map((_, index) => ({ value: String(index), label: t.organisationChange.receiver(index + 1) }));
  return (
    <div className="stack">
      {draft.receivers.map((receiver, index) => (
        <div key={index} className="stack-s">
          <OrganisationPicker pointer={`/successors/${index}/organisation_id`} label={t.organisationChange.receiver(index + 1)}
            id={receiver.organisation_id}
            error={errorAt(failure, `/successors/${index}/organisation_id`) ?? (index === 0 ? errorAt(failure, '/successors') : undefined)}
            onChange={(organisation_id) => put(index, { organisation_id })} />
          <TextField pointer={`/successors/${index}/systems`} label={t.organisationChange.systems} optional rows={3}
            hint={t.organisationChange.systemsHint} value={receiver.systems} error={systemsError(index)}
            onChange={(systems) => put(index, { systems })} />
        </div>
      ))}
      <div>
        <Button variant="default" leftSection={<Icon name="plus" />}
          onClick={() => onChange({ receivers: [...draft.receivers, { organisation_id: null, systems: '' }] })}>
          {t.organisationChange.addReceiver}
        </Button>
      </div>
      <UnitFields organisation={organisation} draft={draft} receivers={receivers} onChange={onChange} />
      <ChoiceLine kind="checkbox" group="f-ends" value="ends" label={t.organisationChange.ends} hint={t.organisationChange.endsHint}
        checked={draft.ends} onChange={() => onChange({ ends: !draft.ends })} />
      {draft.ends && (
        <SelectField pointer="/remainder_id" label={t.organisationChange.remainder} choices={receivers}
          value={String(draft.remainder)} error={errorAt(failure, '/remainder_id')}
          onChange={(index) => onChange({ remainder: Number(index) })} />
      )}
    </div>
  );
}

interface UnitProps {
  organisation: Organisation;
  draft: ChangeDraft;
  receivers: { value: string; label: string }[];
  onChange(part: Partial<ChangeDraft>): void;
}

function UnitFields({ organisation, draft, receivers, onChange }: UnitProps) {
  const { t } = useWords();
  const units = useQuery(listQuery<Organisation>('/api/v1/organisations', {
    parent_id: organisation.id, status: 'active', sort: 'name', limit: 200, count: 'none',
  })).data?.items ?? [];
  if (units.length === 0) {
    return null;
  }

  function send(unit: string, to: string) {
    const next = { ...draft.units };
    delete next[unit];
    onChange({ units: to === '' ? next : { ...next, [unit]: Number(to) } });
  }

  return (
    <details>
      <summary>{t.organisationChange.units} ({Object.keys(draft.units).length}/{units.length})</summary>
      <div className="stack-s">
        {units.map((unit) => (
          <SelectField key={unit.id} pointer={`/units/${unit.id}`} label={unit.name} blank={t.organisationChange.stays}
            choices={receivers} value={unit.id in draft.units ? String(draft.units[unit.id]) : ''}
            onChange={(to) => send(unit.id, to)} />
        ))}
      </div>
    </details>
  );
}
