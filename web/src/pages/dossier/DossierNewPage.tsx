import { PageTitle } from '../../components/PageTitle';

export function DossierNewPage() {
  return <PageTitle title="DossierNewPage" />;
}
