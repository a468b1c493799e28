/* Differences as a table: what, before, after; pointers become the words of the fields they name. */
import { useQueries } from '@tanstack/react-query';
import { GROUPS } from '../api/groups';
import { rulesetQuery, useLabels } from '../api/queries';
import type { FactValue, Ruleset } from '../api/ruleset';
import type { Change } from '../api/types';
import { useWords, type Words } from '../i18n';
import { factText } from '../pages/system/fieldTexts';

interface Props {
  changes: Change[];
  rulesetId: string;
}

/* Fields whose values are codes with labels of their own. */
const CODED: Record<string, string> = {
  approval_status: GROUPS.approvalStatus, life_cycle: GROUPS.lifeCycle, plan_status: GROUPS.planStatus,
};

/* Bookkeeping that says nothing to a reader. */
const HIDDEN = ['/decision_id'];

function fieldNames({ t }: Words): Record<string, string> {
  return {
    name: t.system.name, purpose: t.system.purpose, scope: t.system.scope,
    served_users: t.system.servedUsers, life_cycle: t.system.lifeCycle, plan_status: t.system.planStatus,
    ruleset: t.common.ruleset, facts: t.system.facts, contacts: t.system.contacts,
    addresses: t.system.addresses, components: t.system.components, units: t.system.units,
    relations: t.system.relations, proposed_level: t.dossier.proposedLevel, reason: t.common.reason,
    items: t.dossier.items, systems: t.dossier.systemsAndLevels, level: t.common.level,
    computed_level: t.system.computedLevel, at_least: t.system.atLeast, approved_level: t.system.approvedLevel,
    approved_on: t.system.approvedOn, approval_status: t.common.status, received: t.system.received,
    ...t.dossier.field,
  };
}

function nameOf(path: string, rulesets: Ruleset[], words: Words): string {
  const { text } = words;
  const parts = path.split('/').slice(1);
  const fact = rulesets.flatMap((one) => one.facts).find((one) => parts.includes(one.id));
  if (fact !== undefined) {
    return text(fact.question);
  }
  const names = fieldNames(words);
  const titles = rulesets.flatMap((one) => one.dossier_items);
  const known = parts.flatMap((part) => {
    const title = parts[0] === 'items' ? titles.find((one) => one.id === part)?.title : undefined;
    return title !== undefined ? [text(title)] : names[part] ?? [];
  });
  return known.length === 0 ? path : known.slice(-2).join(': ');
}

type Label = (group: string, code: string) => string;

function valueOf(change: Change, side: 'before' | 'after', rulesets: Ruleset[], words: Words, label: Label): string {
  const { t } = words;
  const value = change[side];
  const last = change.path.split('/').at(-1) ?? '';
  const fact = rulesets.flatMap((one) => one.facts).find((one) => one.id === last);
  if (fact !== undefined) {
    return factText(fact, value as FactValue | undefined, words);
  }
  if (value === null || value === undefined || value === '') {
    return t.common.notGiven;
  }
  if (typeof value === 'boolean') {
    return value ? t.common.yes : t.common.no;
  }
  const group = CODED[last];
  if (group !== undefined) {
    return label(group, String(value));
  }
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    return words.date(value);
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
  const label = useLabels();
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
        {changes.filter((change) => !HIDDEN.includes(change.path)).map((change) => (
          <tr key={change.path}>
            <th scope="row">{nameOf(change.path, rulesets, words)}</th>
            <td><del>{valueOf(change, 'before', rulesets, words, label)}</del></td>
            <td><ins>{valueOf(change, 'after', rulesets, words, label)}</ins></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
