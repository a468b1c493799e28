import { PageTitle } from '../../components/PageTitle';

export function StatsPage() {
  return <PageTitle title="StatsPage" />;
}
