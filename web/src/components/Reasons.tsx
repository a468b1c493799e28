/* Why this level: each criterion met, not met or in need of an answer. */
import type { Classification, TraceEntry } from '../api/types';
import { useWords } from '../i18n';
import { Icon, type IconName } from './Icon';

interface Props {
  classification: Classification;
  /* Where the answer to a criterion is given; null when there is none on this page. */
  questionOf?(entry: TraceEntry): string | null;
  onQuestion?(fact: string): void;
}

const ICONS: Record<TraceEntry['result'], IconName> = { true: 'check', unknown: 'open', false: 'cross' };

export function Reasons({ classification, questionOf, onQuestion }: Props) {
  const { t } = useWords();
  const of = (result: TraceEntry['result']) =>
    classification.trace.filter((entry) => entry.result === result)
      .sort((a, b) => b.level - a.level);
  const groups = [
    { result: 'true' as const, entries: of('true'), title: t.system.metCount, open: true },
    { result: 'unknown' as const, entries: of('unknown'), title: t.system.openCount, open: false },
    { result: 'false' as const, entries: of('false'), title: t.system.notMetCount, open: false },
  ];
  return (
    <div className="reasons">
      {groups.map((group) => group.entries.length > 0 && (
        <details key={group.result} open={group.open}>
          <summary>{group.title(group.entries.length)}</summary>
          <ul className="plain">
            {group.entries.map((entry) => (
              <Reason key={entry.criterion} entry={entry} fact={questionOf?.(entry) ?? null} onQuestion={onQuestion} />
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

interface ReasonProps {
  entry: TraceEntry;
  fact: string | null;
  onQuestion?: ((fact: string) => void) | undefined;
}

function Reason({ entry, fact, onQuestion }: ReasonProps) {
  const { t, text } = useWords();
  const said = { true: t.system.met, unknown: t.system.needsAnswer, false: t.system.notMet }[entry.result];
  return (
    <li className={`reason reason-${entry.result}`}>
      <Icon name={ICONS[entry.result]} />
      <span>
        <span className="visually-hidden">{said}: </span>
        {fact === null || onQuestion === undefined ? text(entry.text) : (
          <button type="button" className="link-button" onClick={() => onQuestion(fact)}>{text(entry.text)}</button>
        )}
      </span>
      <span className="reason-more">{t.common.levelN(entry.level)} · {entry.article}</span>
    </li>
  );
}
