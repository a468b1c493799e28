import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { AccountRow } from '../../api/types';
import { Icon, type IconName } from '../../components/Icon';
import './account.css';

const ICONS: Record<AccountRow['state'], IconName> = { invited: 'clock', active: 'check', disabled: 'lock' };

export function AccountState({ state }: { state: AccountRow['state'] }) {
  const label = useLabels();
  return (
    <span className={`account-state account-${state}`}>
      <Icon name={ICONS[state]} />
      {label(GROUPS.accountState, state)}
    </span>
  );
}
