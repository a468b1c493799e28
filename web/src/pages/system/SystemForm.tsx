/* The guided registration: steps in the address, the level in sight, nothing lost on the way. */
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Ruleset } from '../../api/ruleset';
import type { RulesetRow } from '../../api/types';
import { ConflictDialog } from '../../components/ConflictDialog';
import { ErrorSummary, goToField } from '../../components/ErrorSummary';
import { Notice } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { CheckStep } from './CheckStep';
import { factsOf, stepOf, STEPS, type Step } from './draft';
import './form.css';
import { FactsStep } from './FactsStep';
import { GeneralStep } from './GeneralStep';
import { LevelPanel } from './LevelPanel';
import { OperationsStep } from './OperationsStep';
import type { DraftState } from './useSystemDraft';
import { useSystemSave } from './useSystemSave';

interface Props {
  id: string | null;
  title: string | null;
  state: DraftState;
  rows: RulesetRow[];
  rulesets: Ruleset[];
}

export function SystemForm({ id, title, state, rows, rulesets }: Props) {
  const words = useWords();
  const { t, time } = words;
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const save = useSystemSave(id, state, rulesets);
  const { draft } = state;
  const number = Math.min(Math.max(Number(search.get('buoc') ?? '1') || 1, 1), STEPS.length);
  const step = STEPS[number - 1]!;
  const names = {
    general: t.system.stepGeneral, facts: t.system.stepFacts, operations: t.system.stepOperations,
    check: t.system.stepCheck,
  };
  const leads = {
    general: t.system.generalLead, facts: t.system.factsLead, operations: t.system.operationsLead,
    check: t.system.checkLead,
  };
  const heading = useRef<HTMLHeadingElement>(null);
  const wanted = useRef<string | null>(null);
  const shown = useRef(step);

  useEffect(() => {
    if (wanted.current !== null) {
      goToField(wanted.current);
      wanted.current = null;
    } else if (shown.current !== step) {
      heading.current?.focus();
      window.scrollTo(0, 0);
    }
    shown.current = step;
  });

  function show(next: Step) {
    const params = new URLSearchParams(search);
    params.set('buoc', String(STEPS.indexOf(next) + 1));
    setSearch(params);
  }

  /* To a field, on whichever step it is. */
  function goTo(pointer: string) {
    if (stepOf(pointer) === step) {
      goToField(pointer);
      return;
    }
    wanted.current = pointer;
    show(stepOf(pointer));
  }

  function discard() {
    if (window.confirm(t.system.discardAsk)) {
      state.drop();
      void navigate(id === null ? '/he-thong' : `/he-thong/${id}`);
    }
  }

  const ruleset = rulesets.find((one) => one.ruleset_id === draft.ruleset);
  const shared = { draft, failure: save.failure, onChange: state.change };
  return (
    <div className="stack">
      <div className="spread">
        <PageTitle title={title === null ? t.system.newTitle : t.system.editTitle(title)} />
        <p className="small muted" role="status">
          {state.savedAt !== null && t.common.saved(time(state.savedAt))}
        </p>
      </div>
      <StepList names={names} present={step} onShow={show} />
      <ErrorSummary failure={save.failure} onGo={goTo} />
      {state.restoredFrom !== null && save.failure === null && number === 1 && (
        <Notice>
          <p>
            {t.system.restored(time(state.restoredFrom))}{' '}
            <button type="button" className="link-button" onClick={discard}>{t.system.discard}</button>
          </p>
        </Notice>
      )}
      <div className="guided">
        <form className="stack" noValidate onSubmit={(event) => {
          event.preventDefault();
          if (step === 'check') {
            void save.submit();
          } else {
            show(STEPS[number]!);
          }
        }}>
          <div>
            <p className="small muted">{t.system.stepOf(number, STEPS.length)}</p>
            <h2 ref={heading} tabIndex={-1}>{names[step]}</h2>
          </div>
          <p className="measure">{leads[step]}</p>
          {step === 'general' && <GeneralStep {...shared} isNew={id === null} />}
          {step === 'facts' && <FactsStep {...shared} rows={rows} rulesets={rulesets} />}
          {step === 'operations' && <OperationsStep {...shared} />}
          {step === 'check' && <CheckStep draft={draft} isNew={id === null} rulesets={rulesets} onGo={goTo} />}
          <div className="row form-actions">
            {step === 'check' ? (
              <Button type="submit" loading={save.busy}>{id === null ? t.system.saveNew : t.system.saveEdit}</Button>
            ) : <Button type="submit">{t.common.next}</Button>}
            {number > 1 && (
              <Button variant="default" onClick={() => show(STEPS[number - 2]!)}>{t.common.back}</Button>
            )}
            {id !== null && step !== 'check' && (
              <Button variant="default" onClick={() => show('check')}>{t.system.stepCheck}</Button>
            )}
            {state.savedAt !== null && (
              <button type="button" className="link-button" onClick={discard}>{t.system.discard}</button>
            )}
          </div>
        </form>
        {ruleset !== undefined && (
          <LevelPanel ruleset={ruleset} facts={factsOf(draft, draft.ruleset)}
            onQuestion={(fact) => goTo(`/facts/${draft.ruleset}/${fact}`)} />
        )}
      </div>
      <ConflictDialog differences={save.differences} onClose={save.closeConflict} onResolve={save.resolve} />
    </div>
  );
}

interface StepListProps {
  names: Record<Step, string>;
  present: Step;
  onShow(step: Step): void;
}

function StepList({ names, present, onShow }: StepListProps) {
  const { t } = useWords();
  return (
    <nav aria-label={t.system.steps}>
      <ol className="plain steps">
        {STEPS.map((step, index) => (
          <li key={step}>
            <button type="button" aria-current={step === present ? 'step' : undefined} onClick={() => onShow(step)}>
              <span className="step-number">{index + 1}</span>
              <span>{names[step]}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
