import { join } from 'node:path';
import { parseVersions, writeVersions } from '../bench/peers/versions.ts';
import { PYTHON_PEER } from '../helpers/clients.ts';
import { pythonPackages } from './python-packages.ts';

/** The import shows that the native part fits this Python. */
const TELL_VERSIONS = `
import importlib.metadata, json, platform
import awslambdaric.bootstrap, runtime_client
print(json.dumps({"awslambdaric": importlib.metadata.version("awslambdaric"), "python": platform.python_version()}))
`;

/** Installs the official Python client of the Runtime API. */
export const awslambdaric = pythonPackages({
  name: 'awslambdaric',
  folder: PYTHON_PEER,
  requirements: join(import.meta.dirname, '../bench/peers/python/requirements.txt'),
  code: TELL_VERSIONS,
  keep: (printed) => writeVersions(PYTHON_PEER, parseVersions(printed)),
  next: 'check that pip reaches its package index and that Python is 3.11 to 3.14, then run make bench-peers again',
});
