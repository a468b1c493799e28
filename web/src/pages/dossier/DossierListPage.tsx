import { PageTitle } from '../../components/PageTitle';

export function DossierListPage() {
  return <PageTitle title="DossierListPage" />;
}
