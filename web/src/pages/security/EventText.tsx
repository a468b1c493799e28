/* An entry of the security log in words; shared by the log of all and one's own part. */
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { SecurityEvent } from '../../api/types';
import { Icon, type IconName } from '../../components/Icon';
import { useWords, type Words } from '../../i18n';

const OUTCOMES: Record<string, { icon: IconName; tone: string }> = {
  done: { icon: 'approved', tone: 'plain' },
  refused: { icon: 'lock', tone: 'warn' },
  failed: { icon: 'refused', tone: 'bad' },
};

export function OutcomeMark({ outcome }: { outcome: SecurityEvent['outcome'] }) {
  const label = useLabels();
  const { icon, tone } = OUTCOMES[outcome]!;
  return (
    <span className={`mark mark-${tone}`}>
      <Icon name={icon} />
      <span>{label(GROUPS.securityOutcome, outcome)}</span>
    </span>
  );
}

/* Members that are said in words of their own, or that say nothing to a reader. */
const SAID = ['code', 'right', 'times', 'operation', 'reason', 'to', 'event_id', 'session', 'ids'];

/* Members whose value is a code of a group of its own. */
const CODED: Record<string, string> = { role: GROUPS.role, reach: GROUPS.tokenReach, change: GROUPS.organisationEvent };

function detailOf(event: SecurityEvent, { t, number }: Words, label: (group: string, code: string) => string): string[] {
  const detail = event.detail as Record<string, unknown>;
  const lines: string[] = [];
  if (typeof detail.right === 'string' && detail.right !== '') {
    lines.push(t.security.missingRight(label(GROUPS.permission, detail.right)));
  } else if (typeof detail.code === 'string') {
    lines.push(t.security.codes[detail.code] ?? detail.code);
  }
  if (typeof detail.times === 'number') {
    lines.push((event.kind === 'log.overflow' ? t.security.lost : t.security.times)(number(detail.times)));
  }
  for (const [name, value] of Object.entries(detail)) {
    if (!SAID.includes(name) && (typeof value === 'string' || typeof value === 'number') && value !== '') {
      const group = CODED[name];
      const text = t.security.values[`${name} ${value}`] ?? (group === undefined ? String(value) : label(group, String(value)));
      lines.push(`${t.security.members[name] ?? name}: ${text}`);
    }
  }
  return lines;
}

export function EventDetail({ event }: { event: SecurityEvent }) {
  const words = useWords();
  const label = useLabels();
  const lines = detailOf(event, words, label);
  return lines.length === 0 ? null : <span className="event-detail">{lines.join(' · ')}</span>;
}

export function EventName({ event }: { event: SecurityEvent }) {
  const label = useLabels();
  return (
    <>
      <span className="strong">{label(GROUPS.securityKind, event.kind)}</span>
      <EventDetail event={event} />
    </>
  );
}
