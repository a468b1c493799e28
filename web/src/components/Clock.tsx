/* "3 working days left" and "due 26/11/2026", with the article for whoever asks. */
import { useQuery } from '@tanstack/react-query';
import { rulesetQuery } from '../api/queries';
import { useWords, type Words } from '../i18n';
import { localDate, workingDaysBetween } from '../i18n/format';
import { Icon } from './Icon';

interface Timed {
  due_on: string | null;
  overdue: boolean;
  step: string | null;
  level: number;
  ruleset: string;
  state: string;
}

function left(dueOn: string, overdue: boolean, { t }: Words): string {
  const today = localDate(new Date());
  if (dueOn === today) {
    return t.common.dueToday;
  }
  const days = workingDaysBetween(today, dueOn);
  if (overdue || dueOn < today) {
    return days === 0 ? t.common.dueWeekend : t.common.daysLate(Math.abs(days));
  }
  return t.common.daysLeft(days);
}

interface Props {
  of: Timed;
  withArticle?: boolean;
  /* In a list: a dash where no clock runs. */
  brief?: boolean;
}

export function Clock({ of, withArticle = false, brief = false }: Props) {
  const words = useWords();
  const { t } = words;
  const ruleset = useQuery({ ...rulesetQuery(of.ruleset), enabled: withArticle }).data;
  if (of.due_on === null) {
    const paused = of.state === 'returned';
    if (brief && !paused) {
      return <span className="muted"><span aria-hidden="true">—</span><span className="visually-hidden">{t.common.noClock}</span></span>;
    }
    return (
      <span className="clock clock-quiet">
        <Icon name={paused ? 'pause' : 'clock'} />
        {paused ? t.common.pausedClock : t.common.noClock}
      </span>
    );
  }
  const limit = ruleset?.time_limits.find((row) => row.step === of.step && row.levels.includes(of.level));
  return (
    <span className={of.overdue ? 'clock clock-late' : 'clock'}>
      <Icon name={of.overdue ? 'late' : 'clock'} />
      <span>
        <strong>{left(of.due_on, of.overdue, words)}</strong>
        {' '}<span className="clock-due">({t.common.due(words.date(of.due_on))})</span>
        {limit !== undefined && <span className="clock-article">{words.text(limit.article)}</span>}
      </span>
    </span>
  );
}
