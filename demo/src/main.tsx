import { App } from './app.tsx';
import { startPage } from './start-page.tsx';

startPage((services) => <App services={services} />);
