/* Names and values of a system's fields in words: for checking answers, conflicts and history. */
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import { optionLabel, type Fact, type FactValue, type Ruleset } from '../../api/ruleset';
import type { Facts } from '../../api/types';
import { useWords, type Words } from '../../i18n';
import type { Draft, DraftField } from './draft';

export function factText(fact: Fact, value: FactValue | undefined, words: Words): string {
  const { t, text, number } = words;
  if (value === undefined) {
    return t.system.unanswered;
  }
  if (value === null) {
    return t.common.unknown;
  }
  if (typeof value === 'boolean') {
    return value ? t.common.yes : t.common.no;
  }
  if (typeof value === 'number') {
    return fact.unit === undefined ? number(value) : `${number(value)} ${text(fact.unit)}`;
  }
  const ids = Array.isArray(value) ? value : [value];
  return ids.map((id) => text(optionLabel(fact, id))).join('; ');
}

export function factsText(ruleset: Ruleset, facts: Facts, words: Words): string {
  return ruleset.facts
    .filter((fact) => facts[fact.id] !== undefined)
    .map((fact) => `${words.text(fact.question)} ${factText(fact, facts[fact.id] as FactValue, words)}`)
    .join('\n');
}

export interface FieldTexts {
  label(field: DraftField): string;
  value(field: DraftField, draft: Draft): string;
}

export function useFieldTexts(rulesets: Ruleset[]): FieldTexts {
  const words = useWords();
  const { t, text } = words;
  const label = useLabels();
  const labels: Record<DraftField, string> = {
    name: t.system.name, purpose: t.system.purpose, scope: t.system.scope,
    served_users: t.system.servedUsers, life_cycle: t.system.lifeCycle,
    plan_status: t.system.planStatus, ruleset: t.common.ruleset, facts: t.system.facts,
    contacts: t.system.contacts, addresses: t.system.addresses, components: t.system.components,
    units: t.system.units, relations: t.system.relations,
  };
  const named = (id: string) => rulesets.find((one) => one.ruleset_id === id);

  function value(field: DraftField, draft: Draft): string {
    switch (field) {
      case 'life_cycle': return label(GROUPS.lifeCycle, draft.life_cycle);
      case 'plan_status': return label(GROUPS.planStatus, draft.plan_status);
      case 'ruleset': {
        const ruleset = named(draft.ruleset);
        return ruleset === undefined ? draft.ruleset : text(ruleset.short_title);
      }
      case 'facts':
        return Object.entries(draft.facts).map(([id, facts]) => {
          const ruleset = named(id);
          return ruleset === undefined ? '' : factsText(ruleset, facts, words);
        }).join('\n');
      case 'contacts':
        return draft.contacts.map((row) => [row.name, row.title, row.phone, row.email]
          .filter(Boolean).join(', ')).join('\n');
      case 'addresses': return draft.addresses.map((row) => row.value).join('\n');
      case 'components': return draft.components.map((row) => row.name).join('\n');
      case 'units': return draft.units.map((row) => row.organisation?.name ?? '').join('\n');
      case 'relations':
        return draft.relations.map((row) =>
          `${label(GROUPS.relationKind, row.kind)}: ${row.system?.name ?? ''}`).join('\n');
      default: return draft[field];
    }
  }
  return { label: (field) => labels[field], value };
}
