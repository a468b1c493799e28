import { useEffect, useRef, type ReactNode } from 'react';

interface Props {
  level: 2 | 3;
  id?: string;
  /* False at the beginning: something else on the page takes the focus. */
  takes?: boolean;
  children: ReactNode;
}

/* The heading of what has just taken the place of something else: it takes the focus, so that a screen
 * reader goes on from here. */
export function FocusedHeading({ level, id, takes = true, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takes) {
      heading.current?.focus();
    }
  }, []);
  const Heading = `h${level}` as const;
  return <Heading id={id} ref={heading} tabIndex={-1}>{children}</Heading>;
}
