import type { ReactNode } from 'react';
import { Icon } from '../../components/Icon';
import { useWords } from '../../i18n';
import { setLanguage } from '../../i18n/language';

/* A page for whoever is not signed in yet: the product, one panel and the other language. */
export function EntryFrame({ children }: { children: ReactNode }) {
  const { t, language } = useWords();
  const other = language === 'vi' ? 'en' : 'vi';
  return (
    <div className="sign-in">
      <header className="sign-in-head">
        <p className="brand"><Icon name="brand" /><span>{t.common.product}</span></p>
        <p>{t.common.productLine}</p>
      </header>
      <main className="panel stack">{children}</main>
      <p>
        <button type="button" className="link-button" lang={other} onClick={() => void setLanguage(other)}>
          {other === 'en' ? t.shell.english : t.shell.vietnamese}
        </button>
      </p>
    </div>
  );
}
