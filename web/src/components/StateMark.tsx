/* The official word of Form 08 first, the finer state after it; one icon per state everywhere. */
import { GROUPS } from '../api/groups';
import { useLabels } from '../api/queries';
import { Icon, type IconName } from './Icon';

const STATUS_ICONS: Record<string, IconName> = {
  drafting: 'pencil', sent_for_appraisal: 'send', appraised: 'lens', approved: 'approved',
};

const STATE_ICONS: Record<string, IconName> = {
  draft: 'pencil', submitted: 'send', received: 'received', returned: 'returned', appraised: 'lens',
  approved: 'approved', refused: 'refused', withdrawn: 'withdrawn',
  requested: 'send', granted: 'approved', expired: 'clock',
};

const TONES: Record<string, string> = {
  approved: 'good', granted: 'good', refused: 'bad', returned: 'warn', expired: 'warn', withdrawn: 'quiet',
  drafting: 'quiet', draft: 'quiet',
};

export function stateIcon(state: string): IconName {
  return STATE_ICONS[state] ?? 'open';
}

export function StatusMark({ status }: { status: string }) {
  const label = useLabels();
  return (
    <span className={`mark mark-${TONES[status] ?? 'plain'}`}>
      <Icon name={STATUS_ICONS[status] ?? 'open'} />
      <span>{label(GROUPS.approvalStatus, status)}</span>
    </span>
  );
}

/* States of which the official status already says everything. */
const PLAIN = ['draft', 'approved'];

/* The official status with the internal state behind it where it says more. */
export function DossierMark({ status, state }: { status: string; state: string }) {
  const label = useLabels();
  const official = label(GROUPS.approvalStatus, status);
  const finer = PLAIN.includes(state) ? '' : label(GROUPS.dossierState, state);
  const inside = finer.startsWith(official);
  return (
    <span className={`mark mark-${TONES[state] ?? 'plain'}`}>
      <Icon name={stateIcon(state)} />
      <span>
        {inside ? finer : official}
        {finer !== '' && !inside && <span className="mark-finer"> · {finer}</span>}
      </span>
    </span>
  );
}

export function LabelStateMark({ state }: { state: string }) {
  const label = useLabels();
  return (
    <span className={`mark mark-${TONES[state] ?? 'plain'}`}>
      <Icon name={stateIcon(state)} />
      <span>{label(GROUPS.labelState, state)}</span>
    </span>
  );
}
