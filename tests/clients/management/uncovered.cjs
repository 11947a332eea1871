'use strict';

// Prints the calls of a generation (5 or later) to supported resources that are missing from the table.

const calls = require('./calls.cjs');

const { generation } = JSON.parse(process.argv[2]);
const { ManagementClient } = require(`auth0-${generation}`);

const served = [
  'guardian', 'users', 'userBlocks', 'tenants', 'emails', 'emailTemplates', 'logs', 'stats', 'prompts', 'clients', 'clientGrants',
  'resourceServers', 'connections', 'keys.signing', 'jobs',
];

const notServed = [
  // Organizations, roles and groups.
  'clientGrants.organizations', 'users.organizations', 'users.roles', 'users.permissions', 'users.groups',
  'users.effectivePermissions', 'users.effectiveRoles',
  // Results of signing in.
  'users.identities', 'users.sessions', 'users.refreshToken', 'users.revokeAccess', 'users.connectedAccounts',
  'users.federatedConnectionsTokensets', 'users.riskAssessments', 'prompts.rendering', 'prompts.customText', 'prompts.partials',
  // Clients that authenticate with a key, or whose metadata is at a URL.
  'clients.credentials', 'clients.previewCimdMetadata', 'clients.registerCimdClient', 'clients.connections',
  // External directories.
  'connections.directoryProvisioning', 'connections.scimConfiguration', 'connections.keys', 'connections.users', 'connections.checkStatus',
  'resourceServers.search',
];

const isBelow = (name, roots) => roots.some((root) => name === root || name.startsWith(`${root}.`));

// A proxy for the client and all its resources that records the calls.
function recorder(path, made) {
  return new Proxy(() => {}, {
    get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined : recorder([...path, name], made)),
    apply: () => { made.add(path.join('.')); },
  });
}

function listMade() {
  const made = new Set();
  const step = { id: 'x', item: 'x', body: {}, query: {} };
  for (const row of Object.values(calls)) {
    // A row that uses an answer fails here, but its first call has been recorded by then.
    Promise.resolve(row[generation]?.(recorder([], made), step)).catch(() => {});
  }

  return made;
}

// A resource is a getter of the client or of another resource, a call is a method. Names that begin with _ are private.
function* listOffered(resource, path) {
  for (let type = Object.getPrototypeOf(resource); type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      if (name === 'constructor' || name.startsWith('_')) {
        continue;
      }

      if (property.get) {
        yield* listOffered(resource[name], [...path, name]);
      } else {
        yield [...path, name].join('.');
      }
    }
  }
}

const made = listMade();
const offered = [...listOffered(new ManagementClient({ domain: 'localhost', token: 'none' }), [])].filter((name) => isBelow(name, served));
process.stdout.write(`${JSON.stringify({ offered: offered.length, uncovered: offered.filter((name) => !made.has(name) && !isBelow(name, notServed)) })}\n`);
