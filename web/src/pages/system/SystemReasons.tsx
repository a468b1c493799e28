/* The answers and the level they give, under each ruleset in turn. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rulesetQuery, systemClassificationsQuery } from '../../api/queries';
import { askedFacts, type FactValue, type Ruleset } from '../../api/ruleset';
import type { System } from '../../api/types';
import { LevelBadge } from '../../components/LevelBadge';
import { Reasons } from '../../components/Reasons';
import { useWords } from '../../i18n';
import { factText } from './fieldTexts';

export function SystemReasons({ system }: { system: System }) {
  const { t, text } = useWords();
  const all = useQuery(systemClassificationsQuery(system.id)).data ?? [];
  const [chosen, setChosen] = useState(system.ruleset);
  const rulesets = useQueries({ queries: all.map((one) => rulesetQuery(one.ruleset)) })
    .flatMap((one) => one.data ?? []);
  const classification = all.find((one) => one.ruleset === chosen) ?? all[0];
  const ruleset = rulesets.find((one) => one.ruleset_id === classification?.ruleset);

  return (
    <section id="ly-do" aria-labelledby="ly-do-h">
      <h2 id="ly-do-h">{t.system.reasons}</h2>
      {all.length > 1 && (
        <div className="segments no-print" role="group" aria-label={t.common.ruleset}>
          {rulesets.map((one) => (
            <button key={one.ruleset_id} type="button" aria-pressed={one.ruleset_id === classification?.ruleset}
              onClick={() => setChosen(one.ruleset_id)}>
              {text(one.short_title)}
            </button>
          ))}
        </div>
      )}
      {classification !== undefined && ruleset !== undefined && (
        <>
          <div className="row">
            <LevelBadge level={classification.level} atLeast={classification.at_least} kind="computed" />
            <span className="muted">{text(ruleset.short_title)}</span>
          </div>
          <Reasons classification={classification} />
          <Answers system={system} ruleset={ruleset} />
        </>
      )}
    </section>
  );
}

function Answers({ system, ruleset }: { system: System; ruleset: Ruleset }) {
  const words = useWords();
  const { t, text } = words;
  const facts = system.facts[ruleset.ruleset_id] ?? {};
  return (
    <>
      <h3>{t.system.answers}</h3>
      <dl className="pairs">
        {askedFacts(ruleset, facts).map((fact) => (
          <div key={fact.id}>
            <dt>{text(fact.question)}</dt>
            <dd>{factText(fact, facts[fact.id] as FactValue | undefined, words)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
