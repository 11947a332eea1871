'use strict';

// Prints the calls of a generation, 5 or later, that belong to what this server serves and that no row of the table makes.

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
  // What comes of signing in.
  'users.identities', 'users.sessions', 'users.refreshToken', 'users.revokeAccess', 'users.connectedAccounts',
  'users.federatedConnectionsTokensets', 'users.riskAssessments', 'prompts.rendering', 'prompts.customText', 'prompts.partials',
  // Clients that prove themselves by a key, or are described elsewhere.
  'clients.credentials', 'clients.previewCimdMetadata', 'clients.registerCimdClient', 'clients.connections',
  // Directories elsewhere.
  'connections.directoryProvisioning', 'connections.scimConfiguration', 'connections.keys', 'connections.users', 'connections.checkStatus',
  'resourceServers.search',
];

const isBelow = (name, roots) => roots.some((root) => name === root || name.startsWith(`${root}.`));

// Stands for the client and for everything below it, and remembers what is called.
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
    // A row that goes on with an answer has none here; what it calls first is known by then.
    Promise.resolve(row[generation]?.(recorder([], made), step)).catch(() => {});
  }

  return made;
}

// A resource is a getter of the client or of a resource above it, a call is a method; what begins with _ is nobody's.
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
