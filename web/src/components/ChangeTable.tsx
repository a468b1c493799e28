/* Differences as a table: what, before, after; pointers become the words of the fields they name. */
import { useQueries } from '@tanstack/react-query';
import { rulesetQuery } from '../api/queries';
import type { FactValue, Ruleset } from '../api/ruleset';
import type { Change } from '../api/types';
import { useWords, type Words } from '../i18n';
import { factText } from '../pages/system/fieldTexts';

interface Props {
  changes: Change[];
  rulesetId: string;
}

function nameOf(path: string, rulesets: Ruleset[], words: Words): string {
  const { t, text } = words;
  const parts = path.split('/').slice(1);
  for (const part of parts) {
    const fact = rulesets.flatMap((one) => one.facts).find((one) => one.id === part);
    if (fact !== undefined) {
      return text(fact.question);
    }
  }
  const known: Record<string, string> = {
    name: t.system.name, purpose: t.system.purpose, scope: t.system.scope,
    served_users: t.system.servedUsers, life_cycle: t.system.lifeCycle, plan_status: t.system.planStatus,
    ruleset: t.common.ruleset, facts: t.system.facts, contacts: t.system.contacts,
    addresses: t.system.addresses, components: t.system.components, units: t.system.units,
    relations: t.system.relations, proposed_level: t.dossier.proposedLevel, reason: t.common.reason,
    items: t.dossier.items, systems: t.dossier.systemsAndLevels, level: t.common.level,
    computed_level: t.system.computedLevel, ...t.dossier.field,
  };
  const words2 = parts.filter((part) => known[part] !== undefined).map((part) => known[part]!);
  return words2.length === 0 ? path : words2.slice(-2).join(': ');
}

function valueOf(path: string, value: unknown, rulesets: Ruleset[], words: Words): string {
  const last = path.split('/').at(-1) ?? '';
  const fact = rulesets.flatMap((one) => one.facts).find((one) => one.id === last);
  if (fact !== undefined) {
    return factText(fact, value as FactValue | undefined, words);
  }
  if (value === null || value === undefined || value === '') {
    return words.t.common.notGiven;
  }
  return typeof value === 'object' ? flat(value) : String(value);
}

/* A list or an object in one line of words, its names left out. */
function flat(value: unknown): string {
  const inner = Array.isArray(value) ? value : Object.values(value as object);
  return inner.map((one) => (typeof one === 'object' && one !== null ? flat(one) : String(one ?? '')))
    .filter((one) => one !== '').join(', ');
}

export function ChangeTable({ changes, rulesetId }: Props) {
  const words = useWords();
  const { t } = words;
  const named = [...new Set([rulesetId, ...changes.flatMap((change) =>
    /\/facts\/([^/]+)/.exec(change.path)?.[1] ?? [])])];
  const rulesets = useQueries({ queries: named.map((id) => rulesetQuery(id)) }).flatMap((one) => one.data ?? []);
  return (
    <table className="diff">
      <thead>
        <tr>
          <th scope="col">{t.common.what}</th>
          <th scope="col">{t.common.before}</th>
          <th scope="col">{t.common.after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.path}>
            <th scope="row">{nameOf(change.path, rulesets, words)}</th>
            <td><del>{valueOf(change.path, change.before, rulesets, words)}</del></td>
            <td><ins>{valueOf(change.path, change.after, rulesets, words)}</ins></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
