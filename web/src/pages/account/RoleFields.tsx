/* What a role needs: which, where, from when to when, by which document. */
import { GROUPS } from '../../api/groups';
import { useCodes, useLabels } from '../../api/queries';
import type { MembershipNew } from '../../api/types';
import { errorAt, type Failure, type FieldError } from '../../components/ErrorSummary';
import { DateField, SelectField, TextField } from '../../components/Fields';
import { useWords, type Words } from '../../i18n';
import { OrganisationPicker } from '../organisation/OrganisationPicker';

export interface RoleDraft {
  organisation_id: string | null;
  role: string;
  valid_from: string | null;
  valid_to: string | null;
  document_number: string;
}

export const NO_ROLE: RoleDraft = { organisation_id: null, role: '', valid_from: null, valid_to: null, document_number: '' };

export function missing(draft: RoleDraft, { t }: Words, at = ''): FieldError[] {
  return [
    draft.role === '' && { pointer: `${at}/role`, message: t.account.needRole },
    draft.organisation_id === null && { pointer: `${at}/organisation_id`, message: t.account.needOrganisation },
    draft.document_number.trim() === '' && { pointer: `${at}/document_number`, message: t.account.needDocument },
  ].filter((field) => field !== false);
}

export function bodyOf(draft: RoleDraft): MembershipNew {
  return {
    organisation_id: draft.organisation_id ?? '', role: draft.role as MembershipNew['role'],
    document_number: draft.document_number.trim(), valid_to: draft.valid_to,
    ...(draft.valid_from === null ? {} : { valid_from: draft.valid_from }),
  };
}

interface Props {
  draft: RoleDraft;
  failure: Failure | null;
  at?: string;
  onChange(part: Partial<RoleDraft>): void;
}

export function RoleFields({ draft, failure, at = '', onChange }: Props) {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  return (
    <>
      <SelectField pointer={`${at}/role`} label={t.account.role} blank="—" value={draft.role}
        choices={codes(GROUPS.role).map((code) => ({ value: code, label: label(GROUPS.role, code) }))}
        error={errorAt(failure, `${at}/role`)} onChange={(role) => onChange({ role })} />
      <OrganisationPicker pointer={`${at}/organisation_id`} label={t.account.organisation} id={draft.organisation_id}
        error={errorAt(failure, `${at}/organisation_id`)} onChange={(organisation_id) => onChange({ organisation_id })} />
      <div className="row-top">
        <DateField pointer={`${at}/valid_from`} label={t.account.validFrom} hint={t.account.validFromHint} optional
          value={draft.valid_from} error={errorAt(failure, `${at}/valid_from`)}
          onChange={(valid_from) => onChange({ valid_from })} />
        <DateField pointer={`${at}/valid_to`} label={t.account.validTo} hint={t.account.validToHint} optional
          value={draft.valid_to} error={errorAt(failure, `${at}/valid_to`)}
          onChange={(valid_to) => onChange({ valid_to })} />
      </div>
      <TextField pointer={`${at}/document_number`} label={t.account.document} hint={t.account.documentHint} maxLength={100}
        value={draft.document_number} error={errorAt(failure, `${at}/document_number`)}
        onChange={(document_number) => onChange({ document_number })} />
    </>
  );
}
