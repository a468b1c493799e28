import { Link, useLocation } from 'react-router';
import type { Me } from '../api/types';
import { Notice } from '../components/Notice';
import { useWords } from '../i18n';

/* On every page, for whoever must have a second factor and has none. */
export function FactorNotice({ me }: { me: Me }) {
  const { t } = useWords();
  const { pathname } = useLocation();
  const { totp, passkeys, wanted } = me.second_factors;
  if (wanted === 0 || totp || passkeys > 0 || pathname === '/tai-khoan-cua-toi') {
    return null;
  }
  return (
    <div className="no-print shell-notice">
      <Notice tone="warn" title={t.factor.bannerTitle}>
        <p>{t.factor.bannerText} <Link to="/tai-khoan-cua-toi">{t.factor.goEnrol}</Link></p>
      </Notice>
    </div>
  );
}
