import { Menu, useMantineColorScheme } from '@mantine/core';
import { Link } from 'react-router';
import type { Me } from '../api/types';
import { GROUPS } from '../api/groups';
import { useLabels } from '../api/queries';
import { Icon } from '../components/Icon';
import { useWords } from '../i18n';
import { setLanguage } from '../i18n/language';

export function AccountMenu({ me, onSignOut }: { me: Me; onSignOut(): void }) {
  const { t } = useWords();
  const label = useLabels();
  return (
    <Menu position="bottom-end" width={300} shadow="md" keepMounted={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" className="account-button" aria-label={`${t.shell.account}: ${me.display_name}`}>
          <Icon name="person" />
          <span className="account-name">{me.display_name}</span>
          <Icon name="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t.shell.account}>
        <Menu.Label>
          <strong>{me.display_name}</strong>
          {me.capacities.map((capacity) => (
            <span key={capacity.role + capacity.organisation.id} className="menu-line">
              {t.shell.actingAs(label(GROUPS.role, capacity.role), capacity.organisation.name)}
            </span>
          ))}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/tai-khoan-cua-toi" leftSection={<Icon name="person" />}>{t.me.title}</Menu.Item>
        <Menu.Divider />
        <LanguageItems />
        <Menu.Divider />
        <ThemeItems />
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="leave" />} onClick={onSignOut}>{t.session.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function LanguageItems() {
  const { t, language } = useWords();
  return (
    <>
      <Menu.Label>{t.shell.language}</Menu.Label>
      <Menu.Item lang="vi" leftSection={<Tick on={language === 'vi'} />} onClick={() => void setLanguage('vi')}>
        {t.shell.vietnamese}
      </Menu.Item>
      <Menu.Item lang="en" leftSection={<Tick on={language === 'en'} />} onClick={() => void setLanguage('en')}>
        {t.shell.english}
      </Menu.Item>
    </>
  );
}

function ThemeItems() {
  const { t } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t.shell.theme}</Menu.Label>
      {(['light', 'dark', 'auto'] as const).map((scheme) => (
        <Menu.Item key={scheme} leftSection={<Tick on={colorScheme === scheme} />}
          onClick={() => setColorScheme(scheme)}>
          {t.shell[scheme]}
        </Menu.Item>
      ))}
    </>
  );
}

function Tick({ on }: { on: boolean }) {
  return on ? <Icon name="check" /> : <span className="icon" />;
}
