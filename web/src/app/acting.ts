import { useLabels } from '../api/queries';
import type { Me } from '../api/types';
import { GROUPS } from '../api/groups';
import { useWords } from '../i18n';

/* "appraiser, Police of the province": in which capacities this person acts. */
export function useActing(me: Me | null): string {
  const { t } = useWords();
  const label = useLabels();
  return (me?.capacities ?? [])
    .map((capacity) => t.shell.actingAs(label(GROUPS.role, capacity.role), capacity.organisation.name))
    .join('; ');
}
