import { askedFacts, type FactValue, type Ruleset } from '../../api/ruleset';
import { useWords } from '../../i18n';
import { factsOf, type Draft, type DraftField } from './draft';
import { factText, useFieldTexts } from './fieldTexts';

interface Props {
  draft: Draft;
  isNew: boolean;
  rulesets: Ruleset[];
  onGo(pointer: string): void;
}

interface Line {
  pointer: string;
  label: string;
  value: string;
}

const GENERAL: DraftField[] = ['name', 'purpose', 'scope', 'served_users', 'life_cycle', 'plan_status'];
const OPERATIONS: DraftField[] = ['contacts', 'addresses', 'components', 'units', 'relations'];

export function CheckStep({ draft, isNew, rulesets, onGo }: Props) {
  const words = useWords();
  const { t, text } = words;
  const texts = useFieldTexts(rulesets);
  const ruleset = rulesets.find((one) => one.ruleset_id === draft.ruleset);
  const facts = factsOf(draft, draft.ruleset);
  const line = (field: DraftField): Line => ({
    pointer: `/${field}`, label: texts.label(field), value: texts.value(field, draft),
  });
  const general = GENERAL.map(line);
  if (isNew) {
    general.splice(1, 0,
      { pointer: '/operator_id', label: t.common.operator, value: draft.operator?.name ?? '' },
      { pointer: '/governing_id', label: t.common.governing, value: draft.governing?.name ?? '' });
  }
  const answers = ruleset === undefined ? [] : askedFacts(ruleset, facts).map((fact) => ({
    pointer: `/facts/${draft.ruleset}/${fact.id}`,
    label: text(fact.question),
    value: factText(fact, facts[fact.id] as FactValue | undefined, words),
  }));
  return (
    <div className="stack-l">
      <Lines title={t.system.stepGeneral} lines={general} onGo={onGo} />
      <Lines title={t.system.stepFacts} lines={[line('ruleset'), ...answers]} onGo={onGo} />
      <Lines title={t.system.stepOperations} lines={OPERATIONS.map(line)} onGo={onGo} />
    </div>
  );
}

function Lines({ title, lines, onGo }: { title: string; lines: Line[]; onGo(pointer: string): void }) {
  const { t } = useWords();
  return (
    <section className="stack-s" aria-label={title}>
      <h3>{title}</h3>
      <dl className="pairs pairs-edit">
        {lines.map((line) => (
          <div key={line.pointer}>
            <dt>{line.label}</dt>
            <dd className="pre">{line.value || <span className="muted">{t.common.notGiven}</span>}</dd>
            <dd>
              <button type="button" className="link-button" onClick={() => onGo(line.pointer)}>
                {t.common.edit}<span className="visually-hidden">: {line.label}</span>
              </button>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
