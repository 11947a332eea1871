'use strict';

const row = require('./row.cjs');

module.exports = {
  'clients.list': row((m, c) => m.getClients(c.query), (m, c) => m.clients.getAll(c.query), (m, c) => m.clients.list(c.query)),
  'clients.create': row((m, c) => m.createClient(c.body), (m, c) => m.clients.create(c.body), (m, c) => m.clients.create(c.body)),
  'clients.get': row((m, c) => m.getClient({ client_id: c.id }), (m, c) => m.clients.get({ client_id: c.id }), (m, c) => m.clients.get(c.id)),
  'clients.update': row((m, c) => m.updateClient({ client_id: c.id }, c.body), (m, c) => m.clients.update({ client_id: c.id }, c.body), (m, c) => m.clients.update(c.id, c.body)),
  'clients.delete': row((m, c) => m.deleteClient({ client_id: c.id }), (m, c) => m.clients.delete({ client_id: c.id }), (m, c) => m.clients.delete(c.id)),
  'clients.rotateSecret': row(null, (m, c) => m.clients.rotateClientSecret({ client_id: c.id }), (m, c) => m.clients.rotateSecret(c.id)),

  'grants.list': row((m, c) => m.getClientGrants(c.query), (m, c) => m.clientGrants.getAll(c.query), (m, c) => m.clientGrants.list(c.query)),
  'grants.create': row((m, c) => m.createClientGrant(c.body), (m, c) => m.clientGrants.create(c.body), (m, c) => m.clientGrants.create(c.body)),
  'grants.get': row(null, null, (m, c) => m.clientGrants.get(c.id)),
  'grants.update': row((m, c) => m.updateClientGrant({ id: c.id }, c.body), (m, c) => m.clientGrants.update({ id: c.id }, c.body), (m, c) => m.clientGrants.update(c.id, c.body)),
  'grants.delete': row((m, c) => m.deleteClientGrant({ id: c.id }), (m, c) => m.clientGrants.delete({ id: c.id }), (m, c) => m.clientGrants.delete(c.id)),

  'apis.list': row((m, c) => m.getResourceServers(c.query), (m, c) => m.resourceServers.getAll(c.query), (m, c) => m.resourceServers.list(c.query)),
  'apis.create': row((m, c) => m.createResourceServer(c.body), (m, c) => m.resourceServers.create(c.body), (m, c) => m.resourceServers.create(c.body)),
  'apis.get': row((m, c) => m.getResourceServer({ id: c.id }), (m, c) => m.resourceServers.get({ id: c.id }), (m, c) => m.resourceServers.get(c.id)),
  'apis.update': row((m, c) => m.updateResourceServer({ id: c.id }, c.body), (m, c) => m.resourceServers.update({ id: c.id }, c.body), (m, c) => m.resourceServers.update(c.id, c.body)),
  'apis.delete': row((m, c) => m.deleteResourceServer({ id: c.id }), (m, c) => m.resourceServers.delete({ id: c.id }), (m, c) => m.resourceServers.delete(c.id)),

  'connections.list': row((m, c) => m.getConnections(c.query), (m, c) => m.connections.getAll(c.query), (m, c) => m.connections.list(c.query)),
  'connections.create': row((m, c) => m.createConnection(c.body), (m, c) => m.connections.create(c.body), (m, c) => m.connections.create(c.body)),
  'connections.get': row((m, c) => m.getConnection({ id: c.id }), (m, c) => m.connections.get({ id: c.id }), (m, c) => m.connections.get(c.id)),
  'connections.update': row((m, c) => m.updateConnection({ id: c.id }, c.body), (m, c) => m.connections.update({ id: c.id }, c.body), (m, c) => m.connections.update(c.id, c.body)),
  'connections.delete': row((m, c) => m.deleteConnection({ id: c.id }), (m, c) => m.connections.delete({ id: c.id }), (m, c) => m.connections.delete(c.id)),
  'connections.listClients': row(null, (m, c) => m.connections.getEnabledClients({ id: c.id }), (m, c) => m.connections.clients.get(c.id)),
  'connections.setClients': row(null, (m, c) => m.connections.updateEnabledClients({ id: c.id }, c.body), (m, c) => m.connections.clients.update(c.id, c.body)),
};
