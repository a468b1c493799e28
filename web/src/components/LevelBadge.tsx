/* A level as a numbered badge with bars and a word. What was computed is dashed, what is proposed
 * is outlined, what is approved is filled and carries a tick: told apart without colour. */
import { useWords } from '../i18n';
import { Icon } from './Icon';

export type LevelKind = 'computed' | 'proposed' | 'approved';

interface Props {
  level: number | null | undefined;
  kind: LevelKind;
  atLeast?: number | undefined;
  large?: boolean;
}

export function LevelBadge({ level, kind, atLeast = 0, large = false }: Props) {
  const { t } = useWords();
  const said = kind === 'approved' ? t.common.approvedLevel : t.common[kind];
  const known = typeof level === 'number';
  const shown = known ? level : 0;
  return (
    <span className={`level level-${shown} level-${kind}${large ? ' level-large' : ''}`}>
      <svg className="level-bars" viewBox="0 0 22 14" aria-hidden="true">
        {[1, 2, 3, 4, 5].map((bar) => (
          <rect key={bar} x={(bar - 1) * 4.5} width="3" rx="0.8"
            y={12 - bar * 2.2} height={2 + bar * 2.2} opacity={bar <= shown ? 1 : 0.28} />
        ))}
      </svg>
      <span className="level-name">
        {known ? t.common.levelN(level) : t.common.levelOpen}
        {!known && atLeast > 0 && <>, {t.common.atLeast(atLeast)}</>}
      </span>
      <span className="level-kind">
        {kind === 'approved' && <Icon name="check" />}
        {said}
      </span>
    </span>
  );
}
