import { useEffect } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Button } from '@mantine/core';
import { useMay } from '../../api/queries';
import { ForbiddenPage } from '../../app/Failures';
import { Icon } from '../../components/Icon';
import { PageTitle } from '../../components/PageTitle';
import { useWords } from '../../i18n';
import { FigureCard } from './FigureCard';
import { keyFigures, VIEWS } from './figures';
import './stats.css';
import { useStats } from './useStats';

/* The wall screen has no controls but the way out, and the whole window. */
function useWall(wall: boolean) {
  useEffect(() => {
    document.documentElement.classList.toggle('wall', wall);
    return () => document.documentElement.classList.remove('wall');
  }, [wall]);
}

export function StatsPage() {
  const may = useMay();
  return may('stats.read') ? <Dashboard /> : <ForbiddenPage right="stats.read" />;
}

function Dashboard() {
  const words = useWords();
  const { t } = words;
  const [search] = useSearchParams();
  const wall = search.get('man-hinh') === 'lon';
  useWall(wall);
  const stats = useStats(wall);
  const ready = VIEWS.every((view) => stats[view].data !== undefined);
  const figures = ready ? keyFigures((view) => stats[view].data?.rows ?? [], words) : [];
  return (
    <div className="stack wide-ish">
      <div className="spread">
        <PageTitle title={t.stats.title} />
        <div className="row no-print">
          {!wall && (
            <Button variant="default" leftSection={<Icon name="print" />} onClick={() => window.print()}>
              {t.common.print}
            </Button>
          )}
          <Button component={Link} to={wall ? '/so-lieu' : '/so-lieu?man-hinh=lon'} variant="default"
            leftSection={<Icon name="screen" />}>
            {wall ? t.stats.wallLeave : t.stats.wall}
          </Button>
        </div>
      </div>
      <ul className="plain key-figures" aria-label={t.stats.key}>
        {figures.map((figure) => (
          <li key={figure.name}>
            <Link to={figure.href}>
              <span className="key-name">{figure.name}</span>
              <span className="key-value">{figure.value}</span>
              <span className="key-note">{figure.note}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className="figures">
        {VIEWS.map((view) => <FigureCard key={view} view={view} query={stats[view]} wall={wall} />)}
      </div>
    </div>
  );
}
