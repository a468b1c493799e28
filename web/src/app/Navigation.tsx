/* The places of the site that the one signed in may open. On a narrow screen the first four stand in
 * the bar, the others behind a button of it. */
import { useRef, useState, type KeyboardEvent } from 'react';
import { NavLink, useLocation } from 'react-router';
import type { Me } from '../api/types';
import { Icon, type IconName } from '../components/Icon';
import { useWords, type Dictionary } from '../i18n';

interface Place {
  to: string;
  name: keyof Dictionary['shell'];
  icon: IconName;
  permission?: string;
}

const PLACES: Place[] = [
  { to: '/', name: 'work', icon: 'inbox' },
  { to: '/he-thong', name: 'systems', icon: 'system', permission: 'system.read' },
  { to: '/ho-so', name: 'dossiers', icon: 'folder', permission: 'dossier.read' },
  { to: '/nhan', name: 'labels', icon: 'seal', permission: 'label.read' },
  { to: '/so-lieu', name: 'figures', icon: 'chart', permission: 'stats.read' },
  { to: '/to-chuc', name: 'organisations', icon: 'building', permission: 'organisation.read' },
  { to: '/phan-cong', name: 'authority', icon: 'mandate', permission: 'organisation.read' },
  { to: '/nguoi-dung', name: 'accounts', icon: 'people', permission: 'account.admin' },
  { to: '/nhat-ky', name: 'securityLog', icon: 'journal', permission: 'security_log.read' },
  { to: '/ma-truy-cap', name: 'tokens', icon: 'lock', permission: 'token.admin' },
];

/* With the button, what a narrow bar holds. */
const IN_BAR = 4;

function isAt(place: Place, path: string): boolean {
  return place.to === '/' ? path === '/' : path === place.to || path.startsWith(`${place.to}/`);
}

export function Navigation({ me }: { me: Me }) {
  const { t } = useWords();
  const { pathname } = useLocation();
  const button = useRef<HTMLButtonElement>(null);
  /* Opened on one page, it is closed on the next. */
  const [openedAt, setOpenedAt] = useState<string | null>(null);
  const opened = openedAt === pathname;
  const places = PLACES.filter((place) => place.permission === undefined || me.permissions.includes(place.permission));
  const folds = places.length > IN_BAR + 1;
  const here = folds && places.slice(IN_BAR).some((place) => isAt(place, pathname));

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && opened) {
      setOpenedAt(null);
      button.current?.focus();
    }
  }

  const link = (place: Place, more: boolean) => (
    <li key={place.to} className={more ? 'shell-more' : undefined}>
      <NavLink to={place.to} end={place.to === '/'}>
        <Icon name={place.icon} />
        <span>{t.shell[place.name] as string}</span>
      </NavLink>
    </li>
  );
  return (
    <nav className="shell-side" aria-label={t.shell.navigation} data-opened={opened || undefined} onKeyDown={onKeyDown}>
      <ul className="plain">
        {places.slice(0, folds ? IN_BAR : undefined).map((place) => link(place, false))}
        {folds && (
          <li className="shell-fold">
            <button ref={button} type="button" className={here ? 'active' : undefined} aria-expanded={opened}
              onClick={() => setOpenedAt(opened ? null : pathname)}>
              <Icon name={opened ? 'down' : 'up'} />
              <span>{t.shell.more}</span>
            </button>
          </li>
        )}
        {folds && places.slice(IN_BAR).map((place) => link(place, true))}
      </ul>
    </nav>
  );
}
