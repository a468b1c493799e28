export { TokenListPage } from './TokenListPage';
export { TokenNewPage } from './TokenNewPage';
