import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

interface Props {
  tone?: 'plain' | 'good' | 'warn' | 'bad';
  title?: string;
  children?: ReactNode;
}

const ICONS: Record<string, IconName> = { plain: 'open', good: 'approved', warn: 'late', bad: 'refused' };

export function Notice({ tone = 'plain', title, children }: Props) {
  return (
    <div className={`notice notice-${tone}`}>
      <Icon name={ICONS[tone]!} />
      <div className="stack-s">
        {title !== undefined && <p className="strong">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/* What has just been done, told to every reader; the place is there before the words. */
export function Said({ text }: { text: string | null }) {
  return <div role="status">{text !== null && <Notice tone="good" title={text} />}</div>;
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty stack-s">
      <p className="strong">{title}</p>
      {children}
    </div>
  );
}
