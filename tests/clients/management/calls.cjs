'use strict';

// Every call that a scenario may make, in a file for each resource: how each generation of the client says it is one line there.

module.exports = Object.assign({}, ...['users', 'guardian', 'tenant', 'clients', 'jobs'].map((resource) => require(`./calls/${resource}.cjs`)));
