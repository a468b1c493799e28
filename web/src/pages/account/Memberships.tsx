/* Every role there ever was, with its days and documents; those of today first. */
import { Button } from '@mantine/core';
import { GROUPS } from '../../api/groups';
import { useLabels } from '../../api/queries';
import type { Account, Membership } from '../../api/types';
import { useWords, type Words } from '../../i18n';
import { localDate } from '../../i18n/format';

type Time = 'now' | 'later' | 'over';

function timeOf(membership: Membership): Time {
  if (membership.holds_today) {
    return 'now';
  }
  const never = membership.valid_to !== null && membership.valid_to < membership.valid_from;
  return membership.valid_from > localDate(new Date()) && !never ? 'later' : 'over';
}

function period(one: Membership, { t, date }: Words): string {
  if (one.valid_to !== null && one.valid_to < one.valid_from) {
    return t.account.never;
  }
  return t.account.period(date(one.valid_from), one.valid_to === null ? t.account.openEnd : date(one.valid_to));
}

function documents(one: Membership, { t }: Words): string[] {
  const granted = one.granted_by !== null ? t.account.grantedBy(one.granted_by.name, one.document_number)
    : one.document_number === '' ? '' : t.account.grantedByDocument(one.document_number);
  const ended = one.ended_at === null ? ''
    : one.ended_by !== null ? t.account.endedBy(one.ended_by.name, one.end_document_number)
      : t.account.endedByDocument(one.end_document_number);
  return [granted, ended].filter((text) => text !== '');
}

const ORDER: Time[] = ['now', 'later', 'over'];

interface Props {
  account: Account;
  /* Null: whoever looks may not end any. */
  onEnd: ((membership: Membership) => void) | null;
}

export function Memberships({ account, onEnd }: Props) {
  const words = useWords();
  const { t } = words;
  const label = useLabels();
  if (account.memberships.length === 0) {
    return <p>{t.account.rolesNone}</p>;
  }
  const rows = [...account.memberships].sort((a, b) => ORDER.indexOf(timeOf(a)) - ORDER.indexOf(timeOf(b)));
  return (
    <ul className="plain panel memberships">
      {rows.map((one) => {
        const time = timeOf(one);
        const role = label(GROUPS.role, one.role);
        return (
          <li key={one.id} className={time === 'over' ? 'spread membership-over' : 'spread'}>
            <div className="stack-s grow">
              <p className="strong">{role}, {one.organisation.name}</p>
              <p>{t.account[time]} · {period(one, words)}</p>
              {documents(one, words).map((text) => <p key={text} className="muted small">{text}</p>)}
            </div>
            {onEnd !== null && time !== 'over' && one.ended_at === null && (
              <Button variant="default" size="sm" aria-label={t.account.endNamed(role, one.organisation.name)}
                onClick={() => onEnd(one)}>
                {t.account.end}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
