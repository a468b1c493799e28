import type { FactorState } from '../../api/types';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';

/* Who decides or administers needs two; says how many are still missing. */
export function Wanted({ state }: { state: FactorState }) {
  const { t } = useWords();
  const missing = state.wanted - state.passkeys - (state.totp ? 1 : 0);
  if (state.wanted === 0) {
    return null;
  }
  return missing > 0
    ? <Notice tone="warn" title={t.me.wantedTitle(missing)}><p>{t.me.wantedText}</p></Notice>
    : <Notice tone="good" title={t.me.wantedGood} />;
}
