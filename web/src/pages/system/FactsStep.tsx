import { useState } from 'react';
import {
  askedFacts, carryOver, type Fact, type FactValue, type Ruleset,
} from '../../api/ruleset';
import type { Facts, RulesetRow } from '../../api/types';
import { errorAt, type Failure } from '../../components/ErrorSummary';
import { RadioGroup } from '../../components/Fields';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import { factsOf, type Draft } from './draft';
import { Question } from './Question';

interface Props {
  draft: Draft;
  rows: RulesetRow[];
  rulesets: Ruleset[];
  failure: Failure | null;
  onChange(change: Partial<Draft>): void;
}

export function FactsStep({ draft, rows, rulesets, failure, onChange }: Props) {
  const { t, text } = useWords();
  const [carried, setCarried] = useState(0);
  const ruleset = rulesets.find((one) => one.ruleset_id === draft.ruleset);
  const facts = factsOf(draft, draft.ruleset);

  function change(id: string) {
    const to = rulesets.find((one) => one.ruleset_id === id);
    if (to === undefined || ruleset === undefined) {
      onChange({ ruleset: id });
      return;
    }
    const present = factsOf(draft, id);
    const next = carryOver(ruleset, facts, to, present);
    setCarried(Object.keys(next).length - Object.keys(present).length);
    onChange({ ruleset: id, facts: { ...draft.facts, [id]: next } });
  }

  function answer(values: Record<string, FactValue | undefined>) {
    const next: Facts = { ...facts };
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) {
        delete next[name];
      } else {
        next[name] = value;
      }
    }
    onChange({ facts: { ...draft.facts, [draft.ruleset]: next } });
  }

  return (
    <div className="stack-l">
      <RadioGroup pointer="/ruleset" legend={t.system.rulesetChoice} hint={t.system.rulesetHint}
        error={errorAt(failure, '/ruleset')} value={draft.ruleset} onChange={change}
        choices={rows.map((row) => ({
          value: row.id,
          label: rulesetName(rulesets, row, text) + (row.current ? ` (${t.common.inForce})` : ''),
        }))} />
      <div role="status">{carried > 0 && <Notice>{t.system.carried(carried)}</Notice>}</div>
      {ruleset?.fact_groups.map((group) => {
        const asked = askedFacts(ruleset, facts).filter((fact) => fact.group === group.id);
        return asked.length > 0 && (
          <section key={`${draft.ruleset} ${group.id}`} className="stack question-group" aria-labelledby={`nhom-${group.id}`}>
            <h3 id={`nhom-${group.id}`}>{text(group.title)}</h3>
            <UsuallyNo asked={asked} facts={facts} onAnswer={answer} />
            {asked.map((fact) => (
              <Question key={fact.id} fact={fact} pointer={`/facts/${draft.ruleset}/${fact.id}`}
                value={facts[fact.id] as FactValue | undefined}
                error={errorAt(failure, `/facts/${draft.ruleset}/${fact.id}`)}
                onAnswer={(value) => answer({ [fact.id]: value })} />
            ))}
          </section>
        );
      })}
    </div>
  );
}

export function rulesetName(
  rulesets: Ruleset[], row: RulesetRow, text: (value: { vi: string; en: string }) => string,
): string {
  const full = rulesets.find((one) => one.ruleset_id === row.id);
  return text(full?.short_title ?? row.title);
}

interface UsuallyNoProps {
  asked: Fact[];
  facts: Record<string, unknown>;
  onAnswer(values: Record<string, FactValue>): void;
}

/* Rare cases are answered together by whoever has none of them. */
function UsuallyNo({ asked, facts, onAnswer }: UsuallyNoProps) {
  const { t } = useWords();
  const open = asked.filter((fact) => fact.default_hint !== undefined && facts[fact.id] === undefined);
  if (open.length < 2) {
    return null;
  }
  return (
    <p className="small muted">
      {t.system.usuallyNo}{' '}
      <button type="button" className="link-button" onClick={() => onAnswer(
        Object.fromEntries(open.map((fact) => [fact.id, fact.default_hint as FactValue])),
      )}>
        {t.system.answerAllNo}
      </button>
    </p>
  );
}
