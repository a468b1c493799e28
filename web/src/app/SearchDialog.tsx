/* Search over everything one may read: four short lists, asked together as one types. */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { listQuery, useMay, type ListPath } from '../api/queries';
import { Dialog } from '../components/Dialog';
import { Icon } from '../components/Icon';
import { useWords } from '../i18n';

interface Hit {
  id: string;
  code: string;
  name?: string;
  target?: string;
  first_system?: { name: string };
}

const PLACES: { path: ListPath; to: string; permission: string; name: 'systems' | 'dossiers' | 'labels' | 'organisations' }[] = [
  { path: '/api/v1/systems', to: '/he-thong', permission: 'system.read', name: 'systems' },
  { path: '/api/v1/dossiers', to: '/ho-so', permission: 'dossier.read', name: 'dossiers' },
  { path: '/api/v1/labels', to: '/nhan', permission: 'label.read', name: 'labels' },
  { path: '/api/v1/organisations', to: '/to-chuc', permission: 'organisation.read', name: 'organisations' },
];

const HITS = 5;

export function SearchDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const { t } = useWords();
  return (
    <Dialog opened={opened} onClose={onClose} title={t.shell.searchTitle} size="lg">
      <Search onClose={onClose} />
    </Dialog>
  );
}

function Search({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  const may = useMay();
  const [typed, setTyped] = useState('');
  const [query] = useDebouncedValue(typed.trim(), 200);
  const places = PLACES.filter((place) => may(place.permission));
  const ready = query.length >= 2;
  const answers = useQueries({
    queries: places.map((place) => ({
      ...listQuery<Hit>(place.path, { q: query, limit: HITS, count: 'none' }),
      enabled: ready,
    })),
  });
  const total = answers.reduce((sum, answer) => sum + (answer.data?.items.length ?? 0), 0);
  const settled = answers.every((answer) => !answer.isFetching);

  return (
    <div className="stack">
      <TextInput data-autofocus type="search" label={t.shell.search} description={t.shell.searchHint}
        value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <p role="status" className="small muted">
        {!ready ? t.shell.searchStart
          : settled && (total === 0 ? t.shell.searchNone(query) : t.shell.searchCount(total))}
      </p>
      {ready && places.map((place, index) => {
        const hits = answers[index]?.data?.items ?? [];
        return hits.length > 0 && (
          <section key={place.path} aria-label={t.shell[place.name]}>
            <h3 className="small muted">{t.shell[place.name]}</h3>
            <ul className="plain hits">
              {hits.map((hit) => (
                <li key={hit.id}>
                  <Link to={`${place.to}/${hit.id}`} onClick={onClose}>
                    <span>{hit.name ?? hit.target ?? hit.first_system?.name ?? hit.code}</span>
                    <span className="code muted">{hit.code}</span>
                    <Icon name="right" />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
