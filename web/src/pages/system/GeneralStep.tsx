import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { GROUPS } from '../../api/groups';
import { organisationQuery, useCodes, useLabels } from '../../api/queries';
import { errorAt, type Failure } from '../../components/ErrorSummary';
import { SelectField, TextField } from '../../components/Fields';
import { Picker } from '../../components/Picker';
import { useWords } from '../../i18n';
import type { Draft } from './draft';

interface Props {
  draft: Draft;
  isNew: boolean;
  failure: Failure | null;
  onChange(change: Partial<Draft>): void;
}

/* The operator's parent is offered as governing body: usually right, always changeable. */
function useGoverningOffer(draft: Draft, onChange: Props['onChange']) {
  const operator = useQuery(organisationQuery(draft.operator?.id ?? '')).data?.data;
  const parent = useQuery(organisationQuery(operator?.parent_id ?? '')).data?.data;
  const offered = operator?.id === draft.operator?.id && parent?.id === operator?.parent_id ? parent : undefined;
  const open = draft.governing === null;
  useEffect(() => {
    if (open && offered !== undefined) {
      onChange({ governing: { id: offered.id, name: offered.name } });
    }
    // asked once per operator: who empties the field wants it empty
  }, [offered?.id]);
}

export function GeneralStep({ draft, isNew, failure, onChange }: Props) {
  const { t } = useWords();
  const label = useLabels();
  const codes = useCodes();
  useGoverningOffer(draft, onChange);
  const coded = (group: string) => codes(group).map((code) => ({ value: code, label: label(group, code) }));
  return (
    <div className="stack-l measure">
      <TextField pointer="/name" label={t.system.name} hint={t.system.nameHint} value={draft.name} maxLength={300}
        error={errorAt(failure, '/name')} onChange={(name) => onChange({ name })} />
      {isNew && (
        <>
          <Picker path="/api/v1/organisations" pointer="/operator_id" label={t.common.operator}
            hint={t.system.operatorHint} value={draft.operator} error={errorAt(failure, '/operator_id')}
            filter={{ status: 'active' }} onChange={(operator) => onChange({ operator })} />
          <Picker path="/api/v1/organisations" pointer="/governing_id" label={t.common.governing}
            hint={t.system.governingHint} value={draft.governing} error={errorAt(failure, '/governing_id')}
            filter={{ status: 'active' }} onChange={(governing) => onChange({ governing })} />
        </>
      )}
      <TextField pointer="/purpose" label={t.system.purpose} hint={t.system.purposeHint} optional rows={3}
        maxLength={4000} value={draft.purpose} error={errorAt(failure, '/purpose')}
        onChange={(purpose) => onChange({ purpose })} />
      <TextField pointer="/scope" label={t.system.scope} hint={t.system.scopeHint} optional rows={3}
        maxLength={4000} value={draft.scope} error={errorAt(failure, '/scope')}
        onChange={(scope) => onChange({ scope })} />
      <TextField pointer="/served_users" label={t.system.servedUsers} optional rows={2} maxLength={2000}
        value={draft.served_users} error={errorAt(failure, '/served_users')}
        onChange={(served_users) => onChange({ served_users })} />
      <SelectField pointer="/life_cycle" label={t.system.lifeCycle} choices={coded(GROUPS.lifeCycle)}
        value={draft.life_cycle} error={errorAt(failure, '/life_cycle')}
        onChange={(value) => onChange({ life_cycle: value as Draft['life_cycle'] })} />
      <SelectField pointer="/plan_status" label={t.system.planStatus} choices={coded(GROUPS.planStatus)}
        value={draft.plan_status} error={errorAt(failure, '/plan_status')}
        onChange={(value) => onChange({ plan_status: value as Draft['plan_status'] })} />
    </div>
  );
}
