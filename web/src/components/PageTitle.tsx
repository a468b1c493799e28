import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { useWords } from '../i18n';

interface Props {
  title: string;
  children?: ReactNode;
}

let shown = false;

/* The one h1 of a page: names the document and, after a change of page or of what it shows, takes the
 * focus so that a screen reader speaks it. The first page of a visit leaves the focus where it is. */
export function PageTitle({ title, children }: Props) {
  const { t } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();

  useEffect(() => {
    document.title = `${title} · ${t.common.product}`;
  }, [title, t]);

  useEffect(() => {
    if (shown) {
      heading.current?.focus({ preventScroll: true });
    }
    shown = true;
  }, [pathname]);

  return <h1 ref={heading} tabIndex={-1}>{title}{children}</h1>;
}
