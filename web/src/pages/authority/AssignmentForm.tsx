import { Button } from '@mantine/core';
import { useId, useState, type FormEvent } from 'react';
import { api, body } from '../../api/client';
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { AssignmentNew } from '../../api/types';
import { ErrorSummary, type FieldError } from '../../components/ErrorSummary';
import { DateField, RadioGroup, TextField } from '../../components/Fields';
import { FocusedHeading } from '../../components/FocusedHeading';
import { Picker, type Picked } from '../../components/Picker';
import { useSubmission } from '../../components/useSubmission';
import { useWords, type Dictionary } from '../../i18n';
import { localDate } from '../../i18n/format';
import { OrganisationPicker } from '../organisation/OrganisationPicker';

interface Props {
  onDone(): void;
  onCancel(): void;
}

type Kind = 'specialised_unit' | 'assigned_unit' | 'council';
type TargetType = 'operator' | 'system' | 'dossier';

const KINDS: Kind[] = ['specialised_unit', 'assigned_unit', 'council'];
const TARGETS: TargetType[] = ['operator', 'system', 'dossier'];

interface Draft {
  kind: Kind;
  governing: string | null;
  organisation: string | null;
  target: TargetType;
  operator: string | null;
  code: string;
  council: string;
  members: Picked[];
  chair: string | null;
  document: string;
  from: string | null;
  to: string | null;
}

function bodyOf(draft: Draft): AssignmentNew {
  const all: AssignmentNew = {
    kind: draft.kind, governing_id: draft.governing ?? '', document_number: draft.document.trim(),
    valid_from: draft.from ?? '', valid_to: draft.to,
  };
  if (draft.kind === 'council') {
    all.council_name = draft.council.trim();
    all.members = draft.members.map((one) => ({ account_id: one.id }));
    all.chair_id = draft.chair ?? '';
  } else {
    all.organisation_id = draft.organisation ?? '';
  }
  if (draft.kind !== 'specialised_unit') {
    if (draft.target === 'operator') {
      all.operator_id = draft.operator ?? '';
    } else {
      all[draft.target === 'system' ? 'system_code' : 'dossier_code'] = draft.code.trim();
    }
  }
  return all;
}

const TARGET_POINTER = { operator: '/operator_id', system: '/system_code', dossier: '/dossier_code' };

function missingOf(draft: Draft, t: Dictionary['authority']): FieldError[] {
  const council = draft.kind === 'council';
  const instead = draft.kind !== 'specialised_unit';
  const target = { operator: t.operator, system: t.systemCode, dossier: t.dossierCode }[draft.target];
  const blank: [boolean, string, string][] = [
    [draft.governing === null, '/governing_id', t.governing],
    [!council && draft.organisation === null, '/organisation_id', t.unit],
    [instead && (draft.target === 'operator' ? draft.operator === null : draft.code.trim() === ''), TARGET_POINTER[draft.target], target],
    [council && draft.council.trim() === '', '/council_name', t.councilName],
    [council && draft.members.length === 0, '/members', t.members],
    [council && draft.members.length > 0 && draft.chair === null, '/chair_id', t.chairLegend],
    [draft.document.trim() === '', '/document_number', t.document],
    [draft.from === null, '/valid_from', t.validFrom],
  ];
  return blank.filter(([is]) => is).map(([, pointer, name]) => ({ pointer, message: t.required(name) }));
}

export function AssignmentForm({ onDone, onCancel }: Props) {
  const { t } = useWords();
  const label = useLabels();
  const id = useId();
  const submission = useSubmission();
  const [draft, setDraft] = useState<Draft>({
    kind: 'specialised_unit', governing: null, organisation: null, target: 'operator', operator: null, code: '', council: '',
    members: [], chair: null, document: '', from: localDate(new Date()), to: null,
  });
  const { at } = submission;
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));

  async function submit(event: FormEvent) {
    const assignment = bodyOf(draft);
    if (submission.accepts(event, missingOf(draft, t.authority)) && await submission.send(assignment, (key) =>
      body(api.POST('/api/v1/assignments', { params: { header: { 'Idempotency-Key': key } }, body: assignment }))) !== null) {
      onDone();
    }
  }

  return (
    <form className="panel stack measure" noValidate onSubmit={(event) => void submit(event)} aria-labelledby={id}>
      <FocusedHeading level={2} id={id}>{t.authority.newAssignment}</FocusedHeading>
      <ErrorSummary failure={submission.failure} />
      <RadioGroup pointer="/kind" legend={t.authority.kind} value={draft.kind} error={at('/kind')}
        choices={KINDS.map((kind) => ({ value: kind, label: label(GROUPS.assignmentKind, kind) }))}
        onChange={(kind) => change({ kind: kind as Kind })} />
      <OrganisationPicker pointer="/governing_id" label={t.authority.governing} id={draft.governing} error={at('/governing_id')}
        onChange={(governing) => change({ governing })} />
      {draft.kind === 'council'
        ? <Council draft={draft} change={change} at={at} />
        : (
          <OrganisationPicker pointer="/organisation_id" label={t.authority.unit} id={draft.organisation}
            error={at('/organisation_id')} onChange={(organisation) => change({ organisation })} />
        )}
      {draft.kind !== 'specialised_unit' && <TargetFields draft={draft} change={change} at={at} />}
      <TextField pointer="/document_number" label={t.authority.document} hint={t.authority.documentHint} maxLength={60}
        value={draft.document} error={at('/document_number')} onChange={(document) => change({ document })} />
      <div className="row-top">
        <DateField pointer="/valid_from" label={t.authority.validFrom} value={draft.from} error={at('/valid_from')}
          onChange={(from) => change({ from })} />
        <DateField pointer="/valid_to" label={t.authority.validTo} optional value={draft.to} error={at('/valid_to')}
          onChange={(to) => change({ to })} />
      </div>
      <div className="row">
        <Button type="submit" loading={submission.busy}>{t.authority.record}</Button>
        <Button variant="default" onClick={onCancel}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}

interface PartProps {
  draft: Draft;
  change(part: Partial<Draft>): void;
  at(pointer: string): string | undefined;
}

function TargetFields({ draft, change, at }: PartProps) {
  const { t } = useWords();
  const label = useLabels();
  return (
    <>
      <RadioGroup pointer="/target" legend={t.authority.targetLegend} value={draft.target}
        choices={TARGETS.map((target) => ({ value: target, label: label(GROUPS.assignmentTarget, target) }))}
        onChange={(target) => change({ target: target as TargetType })} />
      {draft.target === 'operator' && (
        <OrganisationPicker pointer="/operator_id" label={t.authority.operator} id={draft.operator} error={at('/operator_id')}
          onChange={(operator) => change({ operator })} />
      )}
      {draft.target === 'system' && (
        <TextField pointer="/system_code" label={t.authority.systemCode} hint={t.authority.systemCodeHint} maxLength={40}
          value={draft.code} error={at('/system_code')} onChange={(code) => change({ code })} />
      )}
      {draft.target === 'dossier' && (
        <TextField pointer="/dossier_code" label={t.authority.dossierCode} hint={t.authority.dossierCodeHint} maxLength={40}
          value={draft.code} error={at('/dossier_code')} onChange={(code) => change({ code })} />
      )}
    </>
  );
}

/* Members are people with an account; one of them chairs. */
function Council({ draft, change, at }: PartProps) {
  const { t } = useWords();
  return (
    <>
      <TextField pointer="/council_name" label={t.authority.councilName} maxLength={300} value={draft.council}
        error={at('/council_name')} onChange={(council) => change({ council })} />
      <Picker key={draft.members.length} path="/api/v1/accounts" filter={{ state: ['invited', 'active'] }} pointer="/members"
        label={t.authority.addMember} error={at('/members')} value={null} onChange={(picked) => {
          if (picked !== null && !draft.members.some((one) => one.id === picked.id)) {
            change({ members: [...draft.members, picked], chair: draft.chair ?? picked.id });
          }
        }} />
      {draft.members.length > 0 && (
        <>
          <ul className="plain stack-s" aria-label={t.authority.members}>
            {draft.members.map(({ id, name }) => (
              <li key={id} className="spread">
                <span>{name}</span>
                <button type="button" className="link-button" onClick={() => change({
                  members: draft.members.filter((other) => other.id !== id), chair: draft.chair === id ? null : draft.chair,
                })}>
                  {t.common.remove}<span className="visually-hidden"> {name}</span>
                </button>
              </li>
            ))}
          </ul>
          <RadioGroup pointer="/chair_id" legend={t.authority.chairLegend} value={draft.chair} error={at('/chair_id')}
            choices={draft.members.map((one) => ({ value: one.id, label: one.name }))} onChange={(chair) => change({ chair })} />
        </>
      )}
    </>
  );
}
