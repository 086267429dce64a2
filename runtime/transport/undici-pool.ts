// The index of undici has fetch, caches and mocks too: nearly twice as much code, in the layer and to load.
import api from 'undici/lib/api/index.js';
import errors from 'undici/lib/core/errors.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Pool from 'undici/lib/dispatcher/pool.js';

// As the index does.
Object.assign(Dispatcher.prototype, api);

export { errors, Pool };
