/* What is typed to record a change, and the request it makes. */
import type { OrganisationRecord } from '../../api/types';

export type ChangeKind = OrganisationRecord['kind'];
export type CodeScheme = NonNullable<OrganisationRecord['scheme']>;

export interface Receiver {
  organisation_id: string | null;
  systems: string;
}

export interface ChangeDraft {
  kind: ChangeKind;
  effective_on: string | null;
  document_number: string;
  note: string;
  name: string;
  parent_id: string | null;
  code: string;
  scheme: CodeScheme;
  merged: (string | null)[];
  successor_id: string | null;
  receivers: Receiver[];
  /** Unit id to the index of the receiver that takes it. */
  units: Record<string, number>;
  ends: boolean;
  remainder: number;
}

export function emptyDraft(kind: ChangeKind, name: string, parent: string | null): ChangeDraft {
  return {
    kind, effective_on: null, document_number: '', note: '', name, parent_id: parent, code: '', scheme: '2020',
    merged: [null], successor_id: null, receivers: [{ organisation_id: null, systems: '' }], units: {}, ends: false,
    remainder: 0,
  };
}

export function codesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((code) => code !== '');
}

export function requestOf(draft: ChangeDraft): OrganisationRecord {
  const shared = {
    kind: draft.kind, effective_on: draft.effective_on ?? '', document_number: draft.document_number, note: draft.note,
  };
  switch (draft.kind) {
    case 'renamed':
      return { ...shared, name: draft.name };
    case 'moved':
      return { ...shared, parent_id: draft.parent_id };
    case 'code_changed':
      return { ...shared, code: draft.code.trim(), scheme: draft.scheme };
    case 'merged':
      return { ...shared, merged: draft.merged.map((id) => ({ organisation_id: id ?? '' })) };
    case 'dissolved':
      return { ...shared, successor_id: draft.successor_id };
    case 'split':
      return {
        ...shared,
        successors: draft.receivers.map((receiver, index) => ({
          organisation_id: receiver.organisation_id ?? '',
          systems: codesOf(receiver.systems).map((code) => ({ code })),
          units: Object.entries(draft.units).filter(([, to]) => to === index).map(([id]) => ({ organisation_id: id })),
        })),
        ...(draft.ends ? { remainder_id: draft.receivers[draft.remainder]?.organisation_id ?? null } : {}),
      };
    case 'restored':
    default:
      return shared;
  }
}
