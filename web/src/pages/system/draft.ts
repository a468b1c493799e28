/* What the registration form holds, apart from how it is shown: pure, so it is tested alone. */
import { answersToSend, type Ruleset } from '../../api/ruleset';
import type {
  Address, Component, Contact, Facts, FactsByRuleset, System, SystemChange, SystemNew,
} from '../../api/types';
import type { Picked } from '../../components/Picker';

export interface UnitRow {
  organisation: Picked | null;
  duty: string;
}

export interface RelationRow {
  system: Picked | null;
  kind: NonNullable<SystemNew['relations']>[number]['kind'];
}

export interface Draft {
  governing: Picked | null;
  operator: Picked | null;
  name: string;
  purpose: string;
  scope: string;
  served_users: string;
  life_cycle: System['life_cycle'];
  plan_status: System['plan_status'];
  ruleset: string;
  facts: FactsByRuleset;
  contacts: Contact[];
  addresses: Address[];
  components: Component[];
  units: UnitRow[];
  relations: RelationRow[];
}

export function emptyDraft(ruleset: string, operator: Picked | null): Draft {
  return {
    governing: null, operator, name: '', purpose: '', scope: '', served_users: '',
    life_cycle: 'operating', plan_status: 'not_started', ruleset, facts: {},
    contacts: [], addresses: [], components: [], units: [], relations: [],
  };
}

export function draftOf(system: System): Draft {
  return {
    governing: system.governing, operator: system.operator, name: system.name,
    purpose: system.purpose, scope: system.scope, served_users: system.served_users,
    life_cycle: system.life_cycle, plan_status: system.plan_status, ruleset: system.ruleset,
    facts: system.facts, contacts: system.contacts, addresses: system.addresses,
    components: system.components,
    units: system.units.map((unit) => ({ organisation: unit.organisation, duty: unit.duty })),
    relations: system.relations.map((relation) => ({
      system: { id: relation.system.id, name: relation.system.name }, kind: relation.kind,
    })),
  };
}

export function factsOf(draft: Draft, ruleset: string): Facts {
  return draft.facts[ruleset] ?? {};
}

/* Answers to questions that are no longer asked stay in the form and are not sent. */
function factsToSend(draft: Draft, rulesets: Ruleset[]): FactsByRuleset {
  const sent: FactsByRuleset = {};
  for (const [id, facts] of Object.entries(draft.facts)) {
    const ruleset = rulesets.find((one) => one.ruleset_id === id);
    sent[id] = ruleset === undefined ? facts : answersToSend(ruleset, facts);
  }
  return sent;
}

function unitsToSend(draft: Draft): NonNullable<SystemNew['units']> {
  return draft.units.flatMap((unit) => unit.organisation === null
    ? [] : [{ organisation_id: unit.organisation.id, duty: unit.duty }]);
}

function relationsToSend(draft: Draft): NonNullable<SystemNew['relations']> {
  return draft.relations.flatMap((relation) => relation.system === null
    ? [] : [{ system_id: relation.system.id, kind: relation.kind }]);
}

function fullChange(draft: Draft, rulesets: Ruleset[]): Required<SystemChange> {
  return {
    name: draft.name.trim(), purpose: draft.purpose, scope: draft.scope,
    served_users: draft.served_users, life_cycle: draft.life_cycle, plan_status: draft.plan_status,
    ruleset: draft.ruleset, facts: factsToSend(draft, rulesets), contacts: draft.contacts,
    addresses: draft.addresses, components: draft.components, units: unitsToSend(draft),
    relations: relationsToSend(draft),
  };
}

export function toNew(draft: Draft, rulesets: Ruleset[]): SystemNew {
  return {
    ...fullChange(draft, rulesets),
    governing_id: draft.governing?.id ?? '',
    operator_id: draft.operator?.id ?? '',
  };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export type DraftField = keyof SystemChange;

/* The fields that differ from what was loaded. */
export function changedFields(draft: Draft, base: Draft, rulesets: Ruleset[]): DraftField[] {
  const mine = fullChange(draft, rulesets);
  const before = fullChange(base, rulesets);
  return (Object.keys(mine) as DraftField[]).filter((field) => !same(mine[field], before[field]));
}

/* Only what was changed is sent, so that two people editing different fields do not collide. */
export function toChange(draft: Draft, base: Draft, rulesets: Ruleset[]): SystemChange {
  const mine = fullChange(draft, rulesets);
  const fields = changedFields(draft, base, rulesets);
  return Object.fromEntries(fields.map((field) => [field, mine[field]])) as SystemChange;
}

/* Fields that both of us changed, to different values. */
export function conflictingFields(
  mine: Draft, base: Draft, theirs: Draft, rulesets: Ruleset[],
): DraftField[] {
  const theirChanges = changedFields(theirs, base, rulesets);
  const different = changedFields(mine, theirs, rulesets);
  return changedFields(mine, base, rulesets)
    .filter((field) => theirChanges.includes(field) && different.includes(field));
}

/* The present state with my changes on top, but for the fields taken from the present state. */
export function rebase(
  mine: Draft, base: Draft, theirs: Draft, taken: Set<string>, rulesets: Ruleset[],
): Draft {
  const kept = changedFields(mine, base, rulesets).filter((field) => !taken.has(field));
  return { ...theirs, ...Object.fromEntries(kept.map((field) => [field, mine[field]])) };
}

export const STEPS = ['general', 'facts', 'operations', 'check'] as const;
export type Step = (typeof STEPS)[number];

/* The step that holds the field a problem points at. */
export function stepOf(pointer: string): Step {
  const first = pointer.split('/')[1] ?? '';
  if (first === 'facts' || first === 'ruleset') {
    return 'facts';
  }
  return ['contacts', 'addresses', 'components', 'units', 'relations'].includes(first)
    ? 'operations' : 'general';
}
