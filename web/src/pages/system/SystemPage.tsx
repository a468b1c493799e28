import { PageTitle } from '../../components/PageTitle';

export function SystemPage() {
  return <PageTitle title="SystemPage" />;
}
